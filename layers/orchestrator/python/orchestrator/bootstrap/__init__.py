"""Composition: which adapters the use cases get; each object is made once per process, when it is asked for first.

Nobody else names an adapter. Edges import the module of their subject only, so that a cold start loads no more than
its function needs.
"""
