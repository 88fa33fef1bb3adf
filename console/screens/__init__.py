"""The pages and forms of the console, one to a file."""
