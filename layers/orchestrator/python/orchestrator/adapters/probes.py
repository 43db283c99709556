"""Probes of the bus and the workflow engine: the cheapest call that only a working part answers."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from orchestrator.adapters.failures import code_of


@dataclass(frozen=True, slots=True)
class CallProbe:
    """`ports.insights.Probe`: times a call. A failure counts as no answer, unless its code is one of `answers`."""

    call: Callable[[], Any]
    answers: frozenset[str] = frozenset()

    def __call__(self) -> float | None:
        """Milliseconds, or None."""
        begin = time.perf_counter()
        try:
            self.call()
        except ClientError as error:
            if code_of(error) not in self.answers:
                return None
        except BotoCoreError:
            return None
        return round((time.perf_counter() - begin) * 1000, 2)
