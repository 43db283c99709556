"""Probes of the bus and the workflow engine: the cheapest call that only a working part answers."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError


@dataclass(frozen=True, slots=True)
class CallProbe:
    """`insight_ports.Probe`: times a call; any failure counts as no answer."""

    call: Callable[[], Any]

    def __call__(self) -> float | None:
        """Milliseconds, or None."""
        begin = time.perf_counter()
        try:
            self.call()
        except (BotoCoreError, ClientError):
            return None
        return round((time.perf_counter() - begin) * 1000, 2)
