"""What is open where tokens are, closed all at once: entries of scopes, side threads, whole instances."""
