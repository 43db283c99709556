"""The third-party layer, built from the lock file for the platform that runs it, without Docker."""
