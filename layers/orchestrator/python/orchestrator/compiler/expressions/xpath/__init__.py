"""XPath 1.0 over process variables, from text to tree (BPMN 2.0.2, 10.4.3: its functions for access to data)."""
