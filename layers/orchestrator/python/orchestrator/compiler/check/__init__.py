"""Validation: rules over the typed model, one rule in one file. An error means that the model cannot run."""
