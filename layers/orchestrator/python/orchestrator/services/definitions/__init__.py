"""Definitions: what callers do with them, what is said of a model, when its timers are due."""
