"""What the gateway costs, against a direct call and against nginx: `make bench`."""
