"""Lowering to Amazon States Language and emitting it."""
