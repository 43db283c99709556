"""Lambda entry points: one folder per function, wiring only."""
