"""The CDK app, the packaging of layers and the local stack."""
