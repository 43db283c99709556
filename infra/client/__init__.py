"""The Python client, as far as it is generated from the OpenAPI document."""
