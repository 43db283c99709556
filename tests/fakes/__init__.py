"""Implementations of the ports for tests: simple, real, and without AWS."""
