"""The numbers of `GET /metrics` as Prometheus text exposition (format 0.0.4); what is unknown is left out."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_PREFIX: Final = "task_orchestrator"
_COUNTERS: Final = frozenset({"requests_total"})


def wanted(accept: str) -> bool:
    """Tell whether an Accept header asks for text rather than JSON."""
    kinds = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    texts = {"text/plain", "application/openmetrics-text"}
    first = next((kind for kind in kinds if kind in texts or kind in {"application/json", "*/*"}), "")
    return first in texts


def exposition(groups: Mapping[str, Any]) -> str:
    """One gauge (or counter) per number, named after its group and name."""
    return "".join(_lines(groups))


def _lines(groups: Mapping[str, Any]) -> Iterator[str]:
    for group, numbers in groups.items():
        if not isinstance(numbers, Mapping):
            continue
        for name, value in numbers.items():  # pyright: ignore[reportUnknownVariableType]
            if not isinstance(value, int | float):
                continue
            full = f"{_PREFIX}_{group.removesuffix('_metrics')}_{name}"
            kind = "counter" if name in _COUNTERS else "gauge"
            yield f"# TYPE {full} {kind}\n{full} {value}\n"
