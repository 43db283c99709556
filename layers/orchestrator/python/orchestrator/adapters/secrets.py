"""Secrets Manager."""

from typing import Any


def secret_text(client: Any, arn: str) -> str:
    """The current value of a secret."""
    return client.get_secret_value(SecretId=arn)["SecretString"]
