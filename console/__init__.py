"""The console: a terminal's view on the gateway, and the commands around it."""
