"""The words of the gateway: frozen values without I/O that every other room speaks."""
