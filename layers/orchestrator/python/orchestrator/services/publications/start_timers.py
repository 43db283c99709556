"""Timers that start instances: a sweep fires what is due (docs/design-notes.md, section 9).

Every occurrence starts one instance, also after a time in which no sweep came; one that is met again starts none.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import Unavailable
from orchestrator.domain.schedule import Schedule
from orchestrator.domain.start_event import StartKind, StartSubscription
from orchestrator.ports.definitions import DefinitionStore
from orchestrator.ports.environment import Clock
from orchestrator.ports.messaging import Schedules
from orchestrator.services.definitions.start_events import following
from orchestrator.services.publications.event_starts import EventStarts, Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTimers:
    """Fires timers. `scale` shortens their waits (1: as long as they say)."""

    schedules: Schedules
    starts: EventStarts
    definitions: DefinitionStore
    clock: Clock
    scale: float = 1.0

    def sweep(self, has_time: Callable[[], bool]) -> int:
        """Fire what is due, the longest due first, as far as time allows; how many instances were started."""
        started = 0
        for schedule in self.schedules.due(now=self.clock.now()):
            with suppress(Unavailable):  # the next sweep finds it again
                started += self._fire(schedule, has_time)
            if not has_time():
                break
        return started

    def _fire(self, schedule: Schedule, has_time: Callable[[], bool]) -> int:
        """Start an instance for every occurrence that is due; an interval may be shorter than that of the sweeps."""
        started, due = 0, schedule
        while due.look_at <= self.clock.now() and has_time():
            started += self._started(due)
            then = following(due, scale=self.scale)
            if not self.schedules.move(due, then) or then is None:
                break
            due = then
        return started

    def _started(self, schedule: Schedule) -> bool:
        source = self.definitions.load_many([schedule.definition_id]).get(schedule.definition_id)
        if source is None or source.publication is None or source.publication.version != schedule.version:
            return False
        trigger = Trigger(
            id=schedule.occurrence_id,
            kind=StartKind.TIMER,
            time=schedule.time,
            told={"due_at": schedule.next.due_at.isoformat(), "occurrence": schedule.next.number},
            cause=Caller(subject=source.created_by),
        )
        start = StartSubscription(definition_id=schedule.definition_id, element_id=schedule.element_id)
        return self.starts.begin(start, trigger) is not None
