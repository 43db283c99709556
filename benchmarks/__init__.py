"""Measurements, kept apart from the tests: `make bench`, or `make bench ARGS="compile imports"`."""
