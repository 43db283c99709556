"""What callers do with instances."""
