"""What the admin plane answers, by subject."""
