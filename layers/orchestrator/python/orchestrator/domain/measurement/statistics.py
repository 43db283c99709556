"""Statistics: what is added (increments), where (dimensions, time buckets), and what has come together (tallies).

Everything is additive and order does not matter, so tallies of buckets, batches and replays merge alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from orchestrator.domain.measurement.buckets import Granularity, floor
from orchestrator.domain.measurement.sketch import bin_of, merge, quantile

EVERY = (Granularity.MINUTE, Granularity.HOUR, Granularity.DAY)
Member = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """What is counted apart: `family` is read as a whole for a range of time, `member` tells its rows apart.

    `granularities`: the buckets it is kept in; `sketched`: those of them that also hold sketches.
    """

    family: str
    member: Member = ()
    granularities: tuple[Granularity, ...] = EVERY
    sketched: tuple[Granularity, ...] = (Granularity.HOUR, Granularity.DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Increment:
    """What to add in one dimension.

    `counts` by counter name; `samples` by sketch name, in the sketch's unit (seconds, percent);
    `spans` by name: numbers of which the least and the greatest of each day are kept.
    """

    dimension: Dimension
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    samples: Mapping[str, float] = field(default_factory=dict[str, float])
    spans: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class BucketKey:
    """One bucket of one dimension; `start` in UTC."""

    family: str
    member: Member
    granularity: Granularity
    start: datetime


@dataclass(slots=True)
class Tally:
    """What has come together: counters, sketches (bin -> count), and spans as (least, greatest)."""

    counts: dict[str, int] = field(default_factory=dict[str, int])
    sketches: dict[str, dict[int, int]] = field(default_factory=dict[str, dict[int, int]])
    spans: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])

    def count(self, name: str) -> int:
        """A counter; 0 where nothing was counted."""
        return self.counts.get(name, 0)

    def keyed(self, name: str) -> dict[str, int]:
        """The counters `<name>:<key>` by key."""
        prefix = f"{name}:"
        return {key.removeprefix(prefix): n for key, n in self.counts.items() if key.startswith(prefix)}

    def mean_seconds(self, name: str) -> float | None:
        """Mean of what was timed under a name (`<name>_ms` over `<name>_timed`), in seconds; None of nothing."""
        timed = self.count(f"{name}_timed")
        return round(self.count(f"{name}_ms") / timed / 1000, 3) if timed else None

    def quantile(self, name: str, q: float) -> float | None:
        """A quantile of a sketch, within 1 %."""
        return quantile(self.sketches.get(name, {}), q)

    def add(self, other: "Tally") -> None:
        """Take in another tally."""
        for name, amount in other.counts.items():
            self.counts[name] = self.count(name) + amount
        for name, sketch in other.sketches.items():
            self.sketches[name] = merge((self.sketches.get(name, {}), sketch))
        for name, span in other.spans.items():
            self._widen(name, *span)

    def take(self, increment: Increment, granularity: Granularity) -> None:
        """Take in an increment, as far as buckets of this width keep it."""
        for name, amount in increment.counts.items():
            self.counts[name] = self.count(name) + amount
        if granularity in increment.dimension.sketched:
            for name, value in increment.samples.items():
                sketch = self.sketches.setdefault(name, {})
                sketch[bin_of(value)] = sketch.get(bin_of(value), 0) + 1
        if granularity is Granularity.DAY:
            for name, value in increment.spans.items():
                self._widen(name, value, value)

    def _widen(self, name: str, least: int, greatest: int) -> None:
        before = self.spans.get(name, (least, greatest))
        self.spans[name] = (min(before[0], least), max(before[1], greatest))


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies."""
    summed = Tally()
    for tally in tallies:
        summed.add(tally)
    return summed


def gather(timed: Iterable[tuple[datetime, Iterable[Increment]]]) -> dict[BucketKey, Tally]:
    """Increments with the moment they count at, put together by bucket."""
    tallies: dict[BucketKey, Tally] = {}
    for moment, increments in timed:
        for increment in increments:
            for granularity in increment.dimension.granularities:
                dimension = increment.dimension
                key = BucketKey(dimension.family, dimension.member, granularity, floor(moment, granularity))
                tallies.setdefault(key, Tally()).take(increment, granularity)
    return tallies


def timed(name: str, seconds: float) -> dict[str, int]:
    """Counters from which `Tally.mean_seconds` gives the mean."""
    return {f"{name}_timed": 1, f"{name}_ms": round(seconds * 1000)}
