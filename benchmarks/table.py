"""Figures as a Markdown table, and the few statistics that the benchmarks share."""

import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any


def render(rows: list[dict[str, Any]]) -> str:
    """A Markdown table; columns in the order of the first row."""
    if not rows:
        return "(nothing measured)"
    columns = list(rows[0])
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(_text(row.get(column)) for column in columns)} |" for row in rows]
    return "\n".join(lines)


def _text(value: object) -> str:
    return "" if value is None else f"{value:.3g}" if isinstance(value, float) else str(value)


def milliseconds(action: Callable[[], object], *, repeat: int) -> list[float]:
    """CPU times of `repeat` calls in this thread, after one call that is not counted; other load does not count."""
    action()
    times: list[float] = []
    for _ in range(repeat):
        begin = time.thread_time()
        action()
        times.append((time.thread_time() - begin) * 1000)
    return times


def spread(times: Iterable[float]) -> dict[str, float]:
    """Median, 95th percentile and maximum, in the unit of the input."""
    ordered = sorted(times)
    return {
        "p50": statistics.median(ordered),
        "p95": ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))],
        "max": ordered[-1],
    }
