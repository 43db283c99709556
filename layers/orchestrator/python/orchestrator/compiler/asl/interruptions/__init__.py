"""What ends more than its own token: boundary events, event sub-processes, error and terminate ends."""
