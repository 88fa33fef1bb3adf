"""The habits of the simulated developers, one file each."""
