"""What a function measures of itself, as increments: time, CPU, memory, requests and calls of the table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from orchestrator.domain.measurement.buckets import Granularity
from orchestrator.domain.measurement.statistics import EVERY, Dimension, Increment

USAGE: Final = "usage"
#: the same per function
BY_FUNCTION: Final = "usage#function"
#: everything since the beginning, in one row
EVER: Final = "usage#ever"
BEGINNING: Final = datetime.fromtimestamp(0, UTC)
#: calls of the table that take longer count as slow, in seconds
SLOW_QUERY: Final = 0.1
_TOGETHER: Final = Dimension(family=USAGE, sketched=EVERY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Measurements of one process since the last time, all in seconds but memory.

    `requests` are answered API requests, as (seconds, whether answered 5xx); `queries` calls of the table.
    """

    function: str
    wall: float
    cpu: float
    invocations: int
    peak_memory_mb: float
    memory_limit_mb: float
    requests: tuple[tuple[float, bool], ...] = ()
    queries: tuple[float, ...] = ()


def increments(usage: Usage) -> tuple[Increment, ...]:
    """Everything that a measurement adds."""
    return tuple(_increments(usage))


def _increments(usage: Usage) -> Iterator[Increment]:
    process = _process(usage)
    memory = 100 * usage.peak_memory_mb / usage.memory_limit_mb
    samples = {"memory": memory} | ({"cpu": 100 * usage.cpu / usage.wall} if usage.wall else {})
    yield Increment(dimension=_TOGETHER, counts=process, samples=samples)
    function = Dimension(
        family=BY_FUNCTION, member=(usage.function,), granularities=(Granularity.HOUR, Granularity.DAY), sketched=()
    )
    failed = sum(is_error for _, is_error in usage.requests)
    yield Increment(dimension=function, counts={**process, "requests": len(usage.requests), "request_errors": failed})
    for seconds, is_error in usage.requests:
        counts = {"requests": 1, "request_timed": 1, "request_ms": round(seconds * 1000), "request_errors": is_error}
        yield Increment(dimension=_TOGETHER, counts=counts, samples={"request": seconds})
    for seconds in usage.queries:
        yield Increment(
            dimension=_TOGETHER, counts={"queries": 1, "slow_queries": seconds > SLOW_QUERY}, samples={"query": seconds}
        )


def totals(usage: Usage) -> tuple[Increment, ...]:
    """What is added to the row that counts since the beginning."""
    dimension = Dimension(family=EVER, granularities=(Granularity.DAY,), sketched=())
    failed = sum(is_error for _, is_error in usage.requests)
    return (Increment(dimension=dimension, counts={"requests": len(usage.requests), "request_errors": failed}),)


def _process(usage: Usage) -> dict[str, int]:
    return {
        "invocations": usage.invocations,
        "wall_ms": round(usage.wall * 1000),
        "cpu_ms": round(usage.cpu * 1000),
        "memory_samples": 1,
        "memory_mb": round(usage.peak_memory_mb),
        "memory_permille": round(1000 * usage.peak_memory_mb / usage.memory_limit_mb),
    }
