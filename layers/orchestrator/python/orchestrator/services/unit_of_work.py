"""How a use case commits: number what happened, write, and decide again when somebody was faster."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from orchestrator.domain.compensation import Compensation, Completion
from orchestrator.domain.definition import Definition
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.errors import Unavailable
from orchestrator.domain.events import Happening, Subject, number
from orchestrator.domain.ids import ThreadId, event_id
from orchestrator.domain.instance import Instance
from orchestrator.domain.message import Message
from orchestrator.domain.schedule import Schedule
from orchestrator.ports.conflicts import StaleRecord
from orchestrator.ports.definitions import DefinitionTransition, DefinitionVersion
from orchestrator.ports.environment import Ids, Pause
from orchestrator.ports.transitions import InstanceTransition, ScopeEnd, ScopeMark, TaskTransition, ThreadWrites, Throw

T = TypeVar("T")
ATTEMPTS: Final = 30
LONGEST_PAUSE_MS: Final = 400


def decided(decide: Callable[[], T], pause: Pause) -> T:
    """Run a load-decide-commit until nobody interferes.

    Raises:
        Unavailable: others were faster for many attempts in a row.
    """
    for attempt in range(ATTEMPTS):
        try:
            return decide()
        except StaleRecord:
            pause.jitter(min(10 * 2**attempt, LONGEST_PAUSE_MS))
    raise Unavailable("the record is contended", retry_after_seconds=1)


def instance_transition(
    before: Instance | None,
    after: Instance,
    happenings: Sequence[Happening],
    *,
    ids: Ids,
    tasks: tuple[TaskTransition, ...] = (),
    input_variables: JsonObject | None = None,
    output_variables: JsonObject | None = None,
    mark: ScopeMark | None = None,
    unended: ScopeEnd | None = None,
    threads: ThreadWrites | None = None,
    alive: ThreadId | None = None,
    taken: Message | None = None,
    thrown: Throw | None = None,
    completion: Completion | None = None,
    compensation: Compensation | None = None,
) -> InstanceTransition:
    """A transition of an instance with its events numbered on from the sequence it was decided on."""
    sequence = before.sequence if before else 0
    events = number(happenings, after=sequence, subject=after.subject, new_id=lambda: event_id(ids.ulid()))
    return InstanceTransition(
        before=before,
        after=replace(after, sequence=sequence + len(events)),
        events=events,
        tasks=tuple(map(_revised, tasks)),
        input_variables=input_variables,
        output_variables=output_variables,
        mark=mark,
        unended=unended,
        threads=threads or ThreadWrites(),
        alive=alive,
        taken=taken,
        thrown=thrown,
        completion=completion,
        compensation=compensation,
    )


def _revised(change: TaskTransition) -> TaskTransition:
    revision = change.before.revision if change.before else 0
    return replace(change, after=replace(change.after, revision=revision + 1))


def definition_transition(
    before: Definition | None,
    after: Definition,
    happenings: Sequence[Happening],
    *,
    ids: Ids,
    content: str | None = None,
    version: DefinitionVersion | None = None,
    schedules: tuple[Schedule, ...] = (),
) -> DefinitionTransition:
    """A transition of a definition with its events numbered on from the sequence it was decided on."""
    sequence = before.sequence if before else 0
    subject = Subject(definition_id=after.id, user_id=happenings[0].actor if happenings else None)
    events = number(happenings, after=sequence, subject=subject, new_id=lambda: event_id(ids.ulid()))
    return DefinitionTransition(
        before=before,
        after=replace(after, sequence=sequence + len(events)),
        events=events,
        content=content,
        version=version,
        schedules=schedules,
    )
