"""The reference of the API as data: what endpoints take and answer. Documents and tests read it, functions never."""
