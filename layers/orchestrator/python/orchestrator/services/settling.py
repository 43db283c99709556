"""Waiting a bounded moment for the machine to show what follows, by reading our own record a few times."""

from collections.abc import Callable
from typing import Final, TypeVar

from orchestrator.ports.environment import Pause

T = TypeVar("T")
#: reads after a start, and after a completion: the pauses between them double
AFTER_START: Final = 7
AFTER_COMPLETION: Final = 3


def settled(
    read: Callable[[], T], is_settled: Callable[[T], bool], pause: Pause, *, within_ms: float, reads: int
) -> T | None:
    """What was read first that is settled, or what was read last; None when there is no time to wait."""
    latest: T | None = None
    step = within_ms / (2**reads - 1)
    for attempt in range(reads if within_ms > 0 else 0):
        pause.wait(step * 2**attempt)
        latest = read()
        if is_settled(latest):
            break
    return latest
