"""Reading BPMN XML into a typed process model."""
