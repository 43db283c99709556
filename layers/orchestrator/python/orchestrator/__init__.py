"""Task Orchestrator: BPMN 2.0 models compiled to and run on AWS Step Functions."""
