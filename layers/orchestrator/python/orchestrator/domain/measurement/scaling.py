"""Scaling recommendations: fixed rules over measured figures (docs/resources.md names each)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from orchestrator.domain.priority import Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What takes part in the rules: `in_use` of `limit`, and `waiting` for it. `is_out`: it does not answer."""

    resource: str
    limit: int
    in_use: int
    waiting: int
    is_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingRecommendation:
    """What would help, and why; the impact follows from the same figures."""

    resource: str
    recommendation: str
    reason: str
    priority: Priority
    estimated_impact: str


def scaling(workflows: Demand, services: Sequence[Demand]) -> tuple[ScalingRecommendation, ...]:
    """All that the rules find, the most urgent first, then by name."""
    found = [*_workflows(workflows), *(one for service in services for one in _service(service))]
    order = list(Priority)
    return tuple(sorted(found, key=lambda one: (-order.index(one.priority), one.resource)))


def _workflows(demand: Demand) -> Iterator[ScalingRecommendation]:
    if demand.waiting and demand.in_use >= demand.limit:
        yield ScalingRecommendation(
            resource=demand.resource,
            recommendation=f"Raise max_concurrent_workflows by {demand.waiting} to {demand.limit + demand.waiting}",
            reason=f"All {demand.limit} slots are taken and {demand.waiting} workflows wait for one",
            priority=_urgency(demand),
            estimated_impact=f"{demand.waiting} workflows start at once",
        )


def _service(demand: Demand) -> Iterator[ScalingRecommendation]:
    if demand.is_out:
        yield ScalingRecommendation(
            resource=demand.resource,
            recommendation="Restore the service: it is not called while its circuit breaker is open",
            reason=f"Its last calls failed in a row; {demand.waiting} tasks wait",
            priority=Priority.CRITICAL if demand.waiting else Priority.HIGH,
            estimated_impact=f"{demand.waiting} tasks go on",
        )
    elif demand.waiting and demand.in_use >= demand.limit:
        more = ceil(demand.waiting / demand.limit)
        before, after = _rounds(demand, 1), _rounds(demand, 1 + more)
        yield ScalingRecommendation(
            resource=demand.resource,
            recommendation=f"Consider adding {more} additional instance{'s' if more > 1 else ''} "
            f"and raising max_concurrent_requests to {demand.limit * (1 + more)}",
            reason=f"{demand.in_use} of {demand.limit} requests are on their way and {demand.waiting} tasks wait",
            priority=_urgency(demand),
            estimated_impact=f"{round(100 * (before - after) / before)}% improvement in response time",
        )


def _rounds(demand: Demand, instances: int) -> int:
    """After how many rounds of requests the last one of those on their way and waiting is answered."""
    return ceil((demand.in_use + demand.waiting) / (demand.limit * instances))


def _urgency(demand: Demand) -> Priority:
    """High when as many wait as there is room for, medium from a quarter on, else low."""
    if demand.waiting >= demand.limit:
        return Priority.HIGH
    return Priority.MEDIUM if 4 * demand.waiting >= demand.limit else Priority.LOW
