"""Validation rules: one rule, one file."""
