"""Decision models (DMN 1.1 to 1.5) that a BPMN file carries in its extension elements."""
