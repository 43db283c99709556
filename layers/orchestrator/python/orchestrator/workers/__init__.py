"""The edge towards events: one module per consumer function."""
