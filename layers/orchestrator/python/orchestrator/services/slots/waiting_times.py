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

from orchestrator.domain.admission import Pool
from orchestrator.domain.measurement.buckets import Granularity
from orchestrator.domain.measurement.projection import ALL, WORKFLOW
from orchestrator.domain.measurement.statistics import total
from orchestrator.ports.admission import Queue, SlotBook, SlotPlan, Waiting
from orchestrator.ports.environment import Clock
from orchestrator.ports.insights import Statistics
from orchestrator.services.slots.free_slots import FreeSlots, entitlement
from orchestrator.services.slots.line import Line

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
            return self._after(max(turn / slots for turn, slots in waits if turn > 0))
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
class Forecast:
    """The first `MOST` places of the queue, and what follows from them; `mean` duration None: none was measured."""

    places: tuple[Place, ...]
    now: datetime
    mean: timedelta | None
    slots: int

    def cleared(self, queued: int) -> datetime | None:
        """When the last of all that are queued starts, those beyond the places included; None: nothing measured."""
        starts = [place.estimated_start for place in self.places]
        known = [start for start in starts if start is not None]
        if len(known) < len(starts):
            return None
        latest, beyond = max(known, default=self.now), max(0, queued - len(starts))
        if not beyond:
            return latest
        return None if self.mean is None or not self.slots else latest + self.mean * (beyond / self.slots)

    def end_of_batch(self, batch_id: str) -> datetime | None:
        """When the last instance of a batch is expected to end: the last that waits, or else one that starts now."""
        if self.mean is None:
            return None
        of_batch = (place.estimated_start for place in self.places if place.waiting.batch_id == batch_id)
        return max((start for start in of_batch if start is not None), default=self.now) + self.mean


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingTimes:
    """Walks the queue."""

    queue: Queue
    book: SlotBook
    plan: SlotPlan
    statistics: Statistics
    clock: Clock

    def forecast(self) -> Forecast:
        """One reading of statistics, one of slots, and the queue."""
        now, mean, pools = self.clock.now(), self._mean_duration(), self.plan.all()
        slots = pools[-1].slots
        places = tuple(islice(self._places(now, mean, pools), MOST))
        return Forecast(places=places, now=now, mean=mean, slots=slots)

    def _places(self, now: datetime, mean: timedelta | None, pools: tuple[Pool, ...]) -> Iterator[Place]:
        free = FreeSlots(self.book)
        turns = _Turns(
            now=now,
            mean=mean,
            slots=pools[-1].slots,
            free=sum(free.count_free(pool) for pool in pools),
            book=free,
        )
        for position, waiting in enumerate(Line.of(self.queue), start=1):
            bounds = entitlement(self.plan, waiting).bounds
            yield Place(position=position, waiting=waiting, estimated_start=turns.next(bounds))

    def _mean_duration(self) -> timedelta | None:
        """From start to completion, of what completed lately; None: nothing did."""
        now = self.clock.now()
        rows = self.statistics.read(ALL, Granularity.DAY, start=now - MEASURED, end=now).rows
        seconds = total(row.tally for row in rows).mean_seconds(WORKFLOW)
        return None if seconds is None else timedelta(seconds=seconds)
