"""Retry policies: how often a failed task is tried again, and after how long."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

BASE_DELAY = timedelta(seconds=1)
LONGEST_DELAY = timedelta(hours=1)


class BackoffStrategy(StrEnum):
    """How the delay grows from attempt to attempt."""

    FIXED = "fixed"
    LINEAR = "linear"
    EXPONENTIAL = "exponential"
    FIBONACCI = "fibonacci"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """`max_retries` further attempts after the first, spaced by `backoff_strategy`."""

    max_retries: int = 3
    backoff_strategy: BackoffStrategy = BackoffStrategy.EXPONENTIAL

    def allows(self, attempt: int) -> bool:
        """Tell whether a further attempt follows the `attempt`-th (counted from 1)."""
        return attempt <= self.max_retries

    def delay_after(self, attempt: int) -> timedelta:
        """The pause after the `attempt`-th attempt (counted from 1), before jitter, at most an hour."""
        return min(BASE_DELAY * _factor(self.backoff_strategy, attempt), LONGEST_DELAY)


def _factor(strategy: BackoffStrategy, attempt: int) -> int:
    steps = min(attempt, 32)  # beyond, every growing strategy has met the cap
    match strategy:
        case BackoffStrategy.FIXED:
            return 1
        case BackoffStrategy.LINEAR:
            return attempt
        case BackoffStrategy.EXPONENTIAL:
            return int(2 ** (steps - 1))
        case BackoffStrategy.FIBONACCI:
            previous, current = 0, 1
            for _ in range(steps - 1):
                previous, current = current, previous + current
            return current
