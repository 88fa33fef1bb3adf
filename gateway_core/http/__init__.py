"""What listens: the data plane for clients, the admin plane for the console, and the guard before both."""
