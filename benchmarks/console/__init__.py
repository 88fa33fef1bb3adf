"""What the console costs, measured as the process that a person runs, in a terminal of its own."""
