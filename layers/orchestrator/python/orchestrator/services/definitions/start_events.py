"""The start events of a version that is published: names and times are evaluated now, once, without variables."""

from datetime import datetime
from typing import Final

from orchestrator.compiler.catalogue import Catalogue, CatalogueStart
from orchestrator.diagnostics import Diagnostic
from orchestrator.domain.definition import Definition, DefinitionStatus
from orchestrator.domain.errors import ModelRejected
from orchestrator.domain.schedule import Occurrence, Schedule, moved
from orchestrator.domain.start_event import StartCondition, StartEvent, StartKind, StartTime, TimerKind
from orchestrator.ports.compilation import Expressions
from orchestrator.services.definitions.occurrences import UnreadableTimeError, occurrence

START_EVENT_UNRESOLVED: Final = "START_EVENT_UNRESOLVED"


def start_events(catalogue: Catalogue, expressions: Expressions, now: datetime) -> tuple[StartEvent, ...]:
    """What starts instances of the process by itself.

    Raises:
        ModelRejected: a name or time is an expression that has no (such) value without variables.
    """
    findings: list[Diagnostic] = []
    found: list[StartEvent] = []
    for start in catalogue.starts:
        if start.kind == StartKind.CONDITIONAL:
            condition = StartCondition(start.text or "", start.language)
            found.append(StartEvent(element_id=start.element_id, kind=StartKind.CONDITIONAL, condition=condition))
        elif start.kind in set(StartKind):
            try:
                found.append(_resolved(start, expressions(start.text or "", {}, now), now))
            except UnreadableTimeError as wrong:
                findings.append(Diagnostic(START_EVENT_UNRESOLVED, str(wrong), start.element_id))
    if findings:
        raise ModelRejected("The model has errors", current_status=DefinitionStatus.VALIDATED, findings=tuple(findings))
    return tuple(found)


def _resolved(start: CatalogueStart, value: object, now: datetime) -> StartEvent:
    kind = StartKind(start.kind)
    if not isinstance(value, str) or not value:
        raise UnreadableTimeError(
            f"'{start.text}' has no value when the start event begins to wait: there are no variables yet"
        )
    if kind is not StartKind.TIMER:
        return StartEvent(element_id=start.element_id, kind=kind, name=value)
    time = StartTime(TimerKind(start.timer or TimerKind.DATE), value)
    occurrence(time, 1, after=now)
    return StartEvent(element_id=start.element_id, kind=kind, time=time)


def schedules(before: Definition | None, after: Definition, *, at: datetime, scale: float) -> tuple[Schedule, ...]:
    """The timers that begin to count: of a new publication, or of one that serves again."""
    publication = after.publication
    if publication is None or (before is not None and before.starts and before.publication == publication):
        return ()
    found = (_schedule(after, start, at=at, scale=scale) for start in after.starts)
    return tuple(schedule for schedule in found if schedule is not None)


def _schedule(definition: Definition, start: StartEvent, *, at: datetime, scale: float) -> Schedule | None:
    publication = definition.publication
    first = None if start.time is None else occurrence(start.time, 1, after=at)
    if first is None or start.time is None or publication is None:
        return None
    schedule = Schedule(
        definition_id=definition.id,
        version=publication.version,
        element_id=start.element_id,
        time=start.time,
        next=Occurrence(0, at),
        look_at=at,
    )
    return moved(schedule, first, scale=scale)


def following(schedule: Schedule, *, scale: float) -> Schedule | None:
    """The schedule with the occurrence after its next one; None: that was the last."""
    then = occurrence(schedule.time, schedule.next.number + 1, after=schedule.next.due_at)
    return None if then is None else moved(schedule, then, scale=scale)
