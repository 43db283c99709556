"""Chance."""

import random
import secrets
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SystemChance:
    """`ports.events.Chance`."""

    def fraction(self) -> float:
        """Good enough to spread retries."""
        return random.random()  # noqa: S311 - jitter, not a secret

    def key(self, size: int) -> bytes:
        """From the operating system."""
        return secrets.token_bytes(size)
