"""Messages, signals and timers: what waits for them, and what they start."""
