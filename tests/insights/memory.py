"""Statistics in memory: the increments put together, and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from orchestrator.domain.events import Event
from orchestrator.domain.measurement.buckets import floor
from orchestrator.domain.measurement.projection import increments
from orchestrator.domain.measurement.statistics import BucketKey, Tally, gather
from orchestrator.ports.insights import Census, Reading, Row


@dataclass
class MemoryStatistics:
    tallies: dict[BucketKey, Tally] = field(default_factory=dict)
    readings: int = 0

    @classmethod
    def of(cls, events: Iterable[Event]) -> "MemoryStatistics":
        return cls(gather((event.timestamp, increments(event)) for event in events))

    def read(self, family, granularity, *, start, end):
        self.readings += 1
        begin = floor(start, granularity)
        rows = [
            Row(key.start, key.member, tally)
            for key, tally in self.tallies.items()
            if (key.family, key.granularity) == (family, granularity) and begin <= key.start < end
        ]
        return Reading(tuple(sorted(rows, key=lambda row: (row.start, row.member))))


class NoCensus:
    def census(self):
        return Census()


class NoInstances:
    def list(self, query, page):
        raise AssertionError("nobody asks for instances")
