"""The meaning of expression trees, computed in Python: what the emitted JSONata must yield too."""
