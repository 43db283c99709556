"""Graphs of flow nodes: normalisation, analysis, regions."""
