"""When the queue moves on: estimates from measured durations (docs/admission.md).

Instances end, on average, after the mean duration `d` measured lately; with `s` slots taken, one becomes free every
`d / s`. So the n-th who waits for a slot starts after `n * d / s`. Who waits for its batch waits for a slot of the
batch in the same way, and takes over the slot of the instance that ends.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from orchestrator.admission_ports import Queue, SlotBook, SlotPlan, Waiting
from orchestrator.domain.admission import Pool
from orchestrator.domain.measurement.buckets import Granularity
from orchestrator.domain.measurement.projection import ALL, WORKFLOW
from orchestrator.domain.measurement.statistics import total
from orchestrator.insight_ports import Statistics
from orchestrator.ports import Clock
from orchestrator.services.free_slots import FreeSlots, entitlement
from orchestrator.services.line import Line

#: durations are those of workflows that completed within this time
MEASURED: Final = timedelta(days=7)
#: places that are looked at one by one
MOST: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in the queue, counted from 1; the estimate is None where no duration was measured."""

    position: int
    waiting: Waiting
    estimated_start: datetime | None


@dataclass(slots=True)
class _Turns:
    """Hands out estimates in the order of the queue."""

    now: datetime
    mean: timedelta | None
    slots: int
    free: int
    book: FreeSlots
    waits_for_slot: int = 0
    of_batch: Counter[str] = field(default_factory=Counter[str])

    def next(self, bounds: tuple[Pool, ...]) -> datetime | None:
        """When the next one starts."""
        waits = [self._bound(bound) for bound in bounds]
        behind = max((turn for turn, _ in waits), default=0)
        if behind > 0:
            return self._after(max(turn * 1.0 / slots for turn, slots in waits if turn > 0))
        self.waits_for_slot += 1
        turn = self.waits_for_slot - self.free
        return self._after(turn / self.slots if self.slots else None) if turn > 0 else self.now

    def _bound(self, bound: Pool) -> tuple[int, int]:
        """How many of a batch must end before its next can start, and how many of it run side by side."""
        self.of_batch[bound.name] += 1
        return self.of_batch[bound.name] - self.book.count_free(bound), bound.slots

    def _after(self, durations: float | None) -> datetime | None:
        return None if self.mean is None or durations is None else self.now + self.mean * durations


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingTimes:
    """Walks the queue."""

    queue: Queue
    book: SlotBook
    plan: SlotPlan
    statistics: Statistics
    clock: Clock

    def places(self) -> tuple[Place, ...]:
        """The first `MOST` places."""
        return tuple(islice(self._places(), MOST))

    def _places(self) -> Iterator[Place]:
        free, pools = FreeSlots(self.book), self.plan.all()
        turns = _Turns(
            now=self.clock.now(),
            mean=self.mean_duration(),
            slots=sum(pool.slots for pool in pools),
            free=sum(free.count_free(pool) for pool in pools),
            book=free,
        )
        for position, waiting in enumerate(Line.of(self.queue), start=1):
            bounds = entitlement(self.plan, waiting).bounds
            yield Place(position=position, waiting=waiting, estimated_start=turns.next(bounds))

    def after(self, places: tuple[Place, ...], queued: int) -> datetime | None:
        """When the last of all that are queued starts, those beyond the places included; None: nothing measured."""
        now, slots, mean = self.clock.now(), sum(pool.slots for pool in self.plan.all()), self.mean_duration()
        starts = [place.estimated_start for place in places]
        known = [start for start in starts if start is not None]
        if len(known) < len(starts):
            return None
        latest = max(known, default=now)
        beyond = max(0, queued - len(places))
        if not beyond:
            return latest
        return None if mean is None or not slots else latest + mean * (beyond / slots)

    def end_of_batch(self, batch_id: str) -> datetime | None:
        """When the last instance of a batch is expected to end: the last that waits, or else one that starts now."""
        mean = self.mean_duration()
        if mean is None:
            return None
        of_batch = (place.estimated_start for place in self.places() if place.waiting.batch_id == batch_id)
        return max((start for start in of_batch if start is not None), default=self.clock.now()) + mean

    def mean_duration(self) -> timedelta | None:
        """From start to completion, of what completed lately; None: nothing did."""
        now = self.clock.now()
        rows = self.statistics.read(ALL, Granularity.DAY, start=now - MEASURED, end=now).rows
        seconds = total(row.tally for row in rows).mean_seconds(WORKFLOW)
        return None if seconds is None else timedelta(seconds=seconds)
