"""The execution queue: batches that fill it, and the worker that empties it."""
