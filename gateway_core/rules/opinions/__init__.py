"""Second opinions: whose calls are asked again, and which of two answers is the better one."""
