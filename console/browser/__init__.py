"""The console in a browser: the page, the terminal in it, and who may open it."""
