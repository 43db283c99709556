"""The projector: from the event log to the statistics, each event once; and the replay of the whole log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from orchestrator.domain.events import Event
from orchestrator.ports.environment import Clock
from orchestrator.ports.insights import Projection, Rebuilding, WholeLog

#: how far behind the beginning of a replay its second look begins: longer than an index lags or a clock is off
OVERLAP: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Projector:
    """Counts events as they come."""

    projection: Projection

    def project(self, events: Sequence[Event]) -> int:
        """Count new events, in a generation that is being built too; how many were counted in the one that is read."""
        counted = [self.projection.add(generation, events) for generation in self.projection.generations()]
        return counted[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """Counts the whole log anew, while the projector goes on; markers keep the two from counting twice."""

    log: WholeLog
    projection: Projection
    rebuilding: Rebuilding
    clock: Clock

    def run(self) -> int:
        """Build a generation and switch to it; how many events it was counted from.

        The second look takes what was committed around the beginning, but listed late.
        """
        begun = self.clock.now()
        generation = self.rebuilding.begin()
        counted = self._walk(generation, since=None) + self._walk(generation, since=begun - OVERLAP)
        self.rebuilding.switch(generation)
        return counted

    def _walk(self, generation: int, *, since: datetime | None) -> int:
        counted, cursor = 0, None
        while True:
            page = self.log.page(since=since, cursor=cursor)
            counted += self.projection.add(generation, page.events)
            cursor = page.cursor
            if cursor is None:
                return counted
