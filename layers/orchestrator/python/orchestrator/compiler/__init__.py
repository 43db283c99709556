"""BPMN to Amazon States Language: a pure library."""
