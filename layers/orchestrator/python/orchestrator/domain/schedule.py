"""Schedules: when the timers of a published version start instances next."""

from dataclasses import dataclass, replace
from datetime import datetime

from orchestrator.domain.definition import Version
from orchestrator.domain.ids import DefinitionId
from orchestrator.domain.start_event import StartTime


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time at which a timer is due; numbers count from 1."""

    number: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The timer of a start event of a definition's version, and its next occurrence.

    It is looked at from `look_at` on: its due time, or earlier where a stage shortens waits.
    """

    definition_id: DefinitionId
    version: Version
    element_id: str
    time: StartTime
    next: Occurrence
    look_at: datetime

    @property
    def occurrence_id(self) -> str:
        """Identifies the next occurrence: whoever meets it again starts nothing more."""
        return f"{self.definition_id}#{self.version}#{self.element_id}#{self.time.text}#{self.next.number}"


def moved(schedule: Schedule, then: Occurrence, *, scale: float) -> Schedule:
    """The schedule with another occurrence; `scale` shortens the wait between both (1: it is as long as it says)."""
    look_at = schedule.look_at + (then.due_at - schedule.next.due_at) * scale
    return replace(schedule, next=then, look_at=look_at)
