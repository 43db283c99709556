"""What an event adds to the statistics: which dimensions it counts in, and by how much. Pure and additive.

Adding the increments of each event once gives every number of the monitoring and analytics endpoints;
adding those of the whole event log again gives the same numbers (a replay). docs/insights.md lists them.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from orchestrator.domain.events import Event, EventType
from orchestrator.domain.measurement.buckets import Granularity
from orchestrator.domain.measurement.statistics import Dimension, Increment, timed

ALL: Final = "all"
WORK: Final = "work"
PERFORMERS: Final = "performer"
FAILURES: Final = "failure"
AFFECTED: Final = "affected"
#: spans and sketches of these names
WORKFLOW: Final = "workflow"
TASK: Final = "task"
WAIT: Final = "wait"
#: timed only: how long instances were queued
QUEUE: Final = "queue"
SEEN: Final = "seen"
#: what failed
OF_TASK: Final = "task"
OF_WORKFLOW: Final = "workflow"
_DAY: Final = (Granularity.DAY,)

_WORKFLOW_COUNTERS: Final = {
    EventType.WORKFLOW_CREATED: "workflows_created",
    EventType.WORKFLOW_STARTED: "workflows_started",
    EventType.WORKFLOW_COMPLETED: "workflows_completed",
    EventType.WORKFLOW_FAILED: "workflows_failed",
    EventType.WORKFLOW_CANCELLED: "workflows_cancelled",
    EventType.WORKFLOW_TERMINATED: "workflows_terminated",
    EventType.WORKFLOW_REBUILT: "workflows_rebuilt",
}
_TASK_COUNTERS: Final = {
    EventType.TASK_CREATED: "tasks_created",
    EventType.TASK_ASSIGNED: "tasks_assigned",
    EventType.TASK_REASSIGNED: "tasks_reassigned",
    EventType.TASK_STARTED: "tasks_started",
    EventType.TASK_COMPLETED: "tasks_completed",
    EventType.TASK_FAILED: "tasks_failed",
    EventType.TASK_RETRIED: "tasks_retried",
    EventType.TASK_CANCELLED: "tasks_cancelled",
}
#: counted by type and by priority too
_BY_KIND: Final = frozenset({EventType.TASK_CREATED, EventType.TASK_COMPLETED, EventType.TASK_FAILED})


def of_definition(definition_id: str) -> str:
    """The family of one definition: a single row."""
    return f"definition#{definition_id}"


def work_of(definition_id: str) -> str:
    """The family of the work in one definition; its members are as those of `WORK`."""
    return f"{WORK}#{definition_id}"


def increments(event: Event) -> tuple[Increment, ...]:
    """Everything that one event adds, in any order; nothing for events that are not counted."""
    if event.type in _WORKFLOW_COUNTERS:
        return tuple(_workflow(event))
    return tuple(_task(event)) if event.type in _TASK_COUNTERS else ()


def _workflow(event: Event) -> Iterator[Increment]:
    counts = {_WORKFLOW_COUNTERS[event.type]: 1}
    samples, spans = dict[str, float](), dict[str, int]()
    queued = _seconds(event, "waiting_time")
    if event.type is EventType.WORKFLOW_STARTED and queued is not None:
        counts |= timed(QUEUE, queued)
    seconds = _seconds(event, "execution_time")
    if event.type is EventType.WORKFLOW_COMPLETED and seconds is not None:
        measured = timed(WORKFLOW, seconds)
        counts |= measured
        samples, spans = {WORKFLOW: seconds}, {WORKFLOW: measured[f"{WORKFLOW}_ms"]}
    for family in _families(event):
        yield Increment(dimension=Dimension(family=family), counts=counts, samples=samples, spans=spans)
    if event.type is EventType.WORKFLOW_FAILED:
        yield from _failure(event, OF_WORKFLOW, _details(event).get("error_code"))


def _task(event: Event) -> Iterator[Increment]:
    name = _TASK_COUNTERS[event.type]
    counts, samples = _measured(event)
    counts[name] = 1
    by_kind = {f"{name}:{key}": 1 for key in _kinds(event)} if event.type in _BY_KIND else {}
    for family in _families(event):
        yield Increment(dimension=Dimension(family=family), counts={**counts, **by_kind}, samples=samples)
    work, performer = _member(event), _performer(event)
    definition_id = event.subject.definition_id
    if definition_id:
        yield Increment(
            dimension=Dimension(family=work_of(definition_id), member=work, granularities=_DAY), counts=counts
        )
    yield Increment(dimension=Dimension(family=WORK, member=work, granularities=_DAY), counts=counts)
    if performer[1]:
        yield Increment(dimension=Dimension(family=PERFORMERS, member=performer, sketched=()), counts=counts)
    if event.type is EventType.TASK_FAILED:
        yield from _failure(event, OF_TASK, event.data.get("error_code"))


def _measured(event: Event) -> tuple[dict[str, int], dict[str, float]]:
    """Counters and samples of what the event has timed: work when it is done, waiting when it begins."""
    counts, samples = dict[str, int](), dict[str, float]()
    for kind, name, source in (
        (EventType.TASK_COMPLETED, TASK, "execution_time"),
        (EventType.TASK_STARTED, WAIT, "waiting_time"),
    ):
        seconds = _seconds(event, source)
        if event.type is kind and seconds is not None:
            counts |= timed(name, seconds)
            samples[name] = seconds
    return counts, samples


def _failure(event: Event, what: str, code: Any) -> Iterator[Increment]:
    """One row per code and place, and one per affected instance (which makes instances countable apart)."""
    code = str(code or "UNKNOWN")
    seen = {SEEN: round(event.timestamp.timestamp() * 1000)}
    place = Dimension(family=FAILURES, member=(what, code, *_member(event)), granularities=_DAY)
    yield Increment(dimension=place, counts={"failures": 1}, spans=seen)
    instance = (code, event.subject.definition_id or "", event.subject.instance_id or "")
    yield Increment(dimension=Dimension(family=AFFECTED, member=instance, granularities=_DAY), counts={"failures": 1})


def _families(event: Event) -> tuple[str, ...]:
    definition_id = event.subject.definition_id
    return (ALL, of_definition(definition_id)) if definition_id else (ALL,)


def _member(event: Event) -> tuple[str, ...]:
    """Definition, element, name, type, and kind and name of the performer: which work it is."""
    name = event.data.get("task_name") or event.data.get("failed_task_name")
    kind = event.data.get("task_type")
    place = (event.subject.definition_id, event.element_id, name, kind)
    return (*(str(part or "") for part in place), *_performer(event))


def _performer(event: Event) -> tuple[str, str]:
    """Kind and name, both empty where nobody is assigned."""
    who = event.data.get("assigned_to")
    return (str(event.data.get("agent_type") or "human"), str(who)) if who else ("", "")


def _kinds(event: Event) -> Iterator[str]:
    if kind := event.data.get("task_type"):
        yield str(kind)
    if priority := event.data.get("priority"):
        yield f"priority={priority}"


def _details(event: Event) -> Mapping[str, Any]:
    return event.data.get("error_details") or {}


def _seconds(event: Event, name: str) -> float | None:
    """A number in the event's data, where it is one."""
    value = event.data.get(name)
    return float(value) if isinstance(value, int | float) else None
