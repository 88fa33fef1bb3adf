"""The provider's own prompt cache: what it keeps, what a call's prompt was made of, and why less was read."""
