"""Use cases, one class per noun; each method is one request: load, let the entity decide, commit, act."""
