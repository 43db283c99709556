"""Secrets Manager."""

import time
from dataclasses import dataclass
from typing import Any, Final

#: how long a rotated secret may go unnoticed
KEPT_SECONDS: Final = 300.0


@dataclass(slots=True)
class Secret:
    """The current value of a secret, fetched at first use and again every few minutes."""

    client: Any
    arn: str
    _value: str = ""
    _expires: float = 0.0

    def __call__(self) -> str:
        """The value."""
        now = time.monotonic()
        if now >= self._expires:
            self._value = self.client.get_secret_value(SecretId=self.arn)["SecretString"]
            self._expires = now + KEPT_SECONDS
        return self._value
