"""The wire formats of the simulated provider, one file each: requests read, answers written."""
