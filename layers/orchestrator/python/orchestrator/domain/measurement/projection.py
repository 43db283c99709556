"""What an event adds to the statistics: which dimensions it counts in, and by how much. Pure and additive.

An increment names a dimension (`all`, `definition#<id>`, ...), counters to add and samples to put into sketches.
Adding the increments of each event once gives every number of the monitoring and analytics endpoints;
adding those of the whole event log again gives the same numbers (a replay).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from orchestrator.domain.events import Event, EventType

ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Increment:
    """What to add in one dimension. `counts` by counter name; `samples` in seconds by sketch name."""

    dimension: str
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    samples: Mapping[str, float] = field(default_factory=dict[str, float])


def definition(definition_id: str) -> str:
    """The dimension of a definition."""
    return f"definition#{definition_id}"


def element(definition_id: str, element_id: str) -> str:
    """The dimension of one element of a definition."""
    return f"element#{definition_id}#{element_id}"


def performer(kind: str, name: str) -> str:
    """The dimension of an agent or service; `kind` is its agent type."""
    return f"performer#{kind}#{name}"


_WORKFLOW_COUNTERS = {
    EventType.WORKFLOW_STARTED: "workflows_started",
    EventType.WORKFLOW_COMPLETED: "workflows_completed",
    EventType.WORKFLOW_FAILED: "workflows_failed",
    EventType.WORKFLOW_CANCELLED: "workflows_cancelled",
    EventType.WORKFLOW_TERMINATED: "workflows_terminated",
}
_TASK_COUNTERS = {
    EventType.TASK_CREATED: "tasks_created",
    EventType.TASK_STARTED: "tasks_started",
    EventType.TASK_COMPLETED: "tasks_completed",
    EventType.TASK_FAILED: "tasks_failed",
    EventType.TASK_RETRIED: "tasks_retried",
    EventType.TASK_CANCELLED: "tasks_cancelled",
}


def increments(event: Event) -> tuple[Increment, ...]:
    """Everything that one event adds, in any order; nothing for events that are not counted."""
    project: Callable[[Event], Iterator[Increment]] | None = None
    if event.type in _WORKFLOW_COUNTERS:
        project = _workflow
    elif event.type in _TASK_COUNTERS:
        project = _task
    return tuple(project(event)) if project else ()


def _workflow(event: Event) -> Iterator[Increment]:
    counts = {_WORKFLOW_COUNTERS[event.type]: 1}
    samples = _seconds(event, workflow_seconds="execution_time")
    yield Increment(dimension=ALL, counts=counts, samples=samples)
    yield Increment(dimension=definition(event.subject.definition_id), counts=counts, samples=samples)


def _task(event: Event) -> Iterator[Increment]:
    name = _TASK_COUNTERS[event.type]
    samples = _seconds(event, task_seconds="execution_time", wait_seconds="waiting_time")
    kind = event.data.get("task_type")
    by_type = {f"{name}:{kind}": 1} if kind else {}
    yield Increment(dimension=ALL, counts={name: 1, **by_type}, samples=samples)
    definition_id = event.subject.definition_id
    yield Increment(dimension=definition(definition_id), counts={name: 1}, samples=samples)
    if event.element_id:
        yield Increment(dimension=element(definition_id, event.element_id), counts={name: 1}, samples=samples)
    if assigned_to := event.data.get("assigned_to"):
        who = performer(str(event.data.get("agent_type", "human")), str(assigned_to))
        yield Increment(dimension=who, counts={name: 1}, samples=samples)


def _seconds(event: Event, **sources: str) -> dict[str, float]:
    """The samples that the event carries: sketch name -> value of the named data field, where it is a number."""
    found = {sketch: event.data.get(name) for sketch, name in sources.items()}
    return {sketch: float(value) for sketch, value in found.items() if isinstance(value, int | float)}
