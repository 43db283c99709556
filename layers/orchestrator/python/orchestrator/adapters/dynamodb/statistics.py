"""Statistics as items: one per bucket, changed by ADD only; beside them one marker per counted event.

`STAT#<generation>#<granularity>#<family>`, `<start>[#<member as JSON>]`. Attributes: `c.<counter>`,
`s.<sketch>.<bin>`, `lo.<span>` and `hi.<span>`. Access patterns: docs/data-model.md.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final

from orchestrator.adapters.dynamodb import keys
from orchestrator.adapters.dynamodb.attributes import unmarshal
from orchestrator.adapters.dynamodb.table import Plain, Table, TransactionRefused
from orchestrator.adapters.dynamodb.writes import ABSENT, Condition, Write, put, update
from orchestrator.domain.events import Event
from orchestrator.domain.measurement.buckets import Granularity, floor, label
from orchestrator.domain.measurement.projection import increments
from orchestrator.domain.measurement.statistics import BucketKey, Tally, gather
from orchestrator.domain.measurement.usage import BEGINNING, USAGE, Usage, totals
from orchestrator.domain.measurement.usage import increments as usage_increments
from orchestrator.ports.insights import Reading, Row

#: writes of one transaction (DynamoDB allows 100)
MOST_WRITES: Final = 100
#: most pages of 1 MB that one reading takes
MOST_PAGES: Final = 8
#: longer than records may wait in the stream and in its dead-letter queue
MARKER_DAYS: Final = 15
_PER_EXPRESSION: Final = 100
_KEPT_DAYS: Final = {Granularity.MINUTE: 8, Granularity.HOUR: 100}
_POINTER: Final = ("STAT", "GENERATION")


@dataclass(frozen=True, slots=True)
class DynamoDBStatistics:
    """`ports.insights.Statistics`, `Projection` and `Rebuilding`, and what functions measure of themselves.

    Days are kept as long as the events that they were counted from (`retention_days`, 0: for ever), so that a
    replay of the log gives the same numbers.
    """

    table: Table
    retention_days: int

    # --- reading

    def read(self, family: str, granularity: Granularity, *, start: datetime, end: datetime) -> Reading:
        """One GetItem (not for usage) and one Query per page, at most `MOST_PAGES`."""
        generation = USAGE if family.startswith(USAGE) else str(self._pointer()["current"])
        partition = _partition(generation, granularity, family)
        low = label(floor(start, granularity))
        high = label(floor(end - timedelta(microseconds=1), granularity)) + keys.LAST
        rows: list[Row] = []
        after = None
        for _ in range(MOST_PAGES):
            answer = self.table.query(partition, low=low, high=high, after=after, consistent=False)
            rows += [_row(unmarshal(item)) for item in answer["Items"]]
            after = answer.get("LastEvaluatedKey")
            if not after:
                return Reading(tuple(rows))
        return Reading(tuple(rows), is_complete=False)

    # --- projecting

    def generations(self) -> Sequence[int]:
        """One GetItem."""
        pointer = self._pointer()
        return (pointer["current"], *([pointer["building"]] if pointer.get("building") else []))

    def add(self, generation: int, events: Sequence[Event]) -> int:
        """Transactions of events with their markers; a marker that is there takes its event out.

        Spans are widened first: that can be repeated, and so nothing is lost if the process dies between.
        """
        distinct = {event.id: event for event in events}
        added = 0
        for group in _groups(list(distinct.values())):
            self._widen(generation, group)
            added += self._count(generation, group)
        return added

    def _count(self, generation: int, events: Sequence[Event]) -> int:
        events = list(events)
        while events:  # each round takes out at least one
            markers = [_marker(generation, event) for event in events]
            try:
                self.table.transact([*markers, *self._additions(str(generation), _gathered(events))])
            except TransactionRefused as refused:
                counted = set(refused.failed)
                events = [event for place, event in enumerate(events) if place not in counted]
            else:
                return len(events)
        return 0

    def _additions(self, generation: str, tallies: Mapping[BucketKey, Tally]) -> Iterator[Write]:
        """Buckets whose time is over are left out: a replay meets them."""
        now = time.time()
        for key, tally in tallies.items():
            expiry = self._expiry(key)
            change = _addition(tally, expiry)
            if change and (expiry is None or expiry > now):
                yield update(_partition(generation, key.granularity, key.family), _sort_key(key), change)

    def _widen(self, generation: int, events: Sequence[Event]) -> None:
        for key, tally in _gathered(events).items():
            for name, (least, greatest) in tally.spans.items():
                for attribute, value, relation in ((f"lo.{name}", least, ">"), (f"hi.{name}", greatest, "<")):
                    self._set_if(generation, key, attribute, value, f"attribute_not_exists(#a) OR #a {relation} :v")

    def _set_if(self, generation: int, key: BucketKey, attribute: str, value: int, condition: str) -> None:
        change = Condition(text="SET #a = :v", names={"a": attribute}, values={"v": value})
        partition = _partition(str(generation), key.granularity, key.family)
        self.table.apply(update(partition, _sort_key(key), change, condition=condition))

    def _expiry(self, key: BucketKey) -> int | None:
        days = _KEPT_DAYS.get(key.granularity, self.retention_days) if key.start > BEGINNING else 0
        return int((key.start + key.granularity.width + timedelta(days=days)).timestamp()) if days else None

    # --- replaying

    def begin(self) -> int:
        """A generation that was left half-built is left behind."""
        pointer = self._pointer()
        number = max(pointer["current"], pointer.get("building") or 0) + 1
        self._point({"current": pointer["current"], "building": number})
        return number

    def switch(self, generation: int) -> None:
        """One write; rows of the generation before are removed by the time to live."""
        self._point({"current": generation})

    def _pointer(self) -> Plain:
        return self.table.get(*_POINTER) or {"current": 1}

    def _point(self, pointer: Mapping[str, int]) -> None:
        self.table.put({"pk": _POINTER[0], "sk": _POINTER[1], **pointer})

    # --- usage

    def write(self, at: datetime, usage: Usage) -> None:
        """One UpdateItem per bucket and hundred increments, which is as much as an expression may hold."""
        measured = usage_increments(usage)
        parts = [(at, measured[first : first + _PER_EXPRESSION]) for first in range(0, len(measured), _PER_EXPRESSION)]
        for part in (*parts, (BEGINNING, totals(usage))):
            for change in self._additions(USAGE, gather([part])):
                self.table.apply(change)


def _gathered(events: Sequence[Event]) -> dict[BucketKey, Tally]:
    return gather((event.timestamp, increments(event)) for event in events)


def _groups(events: Sequence[Event]) -> Iterator[list[Event]]:
    """Events that fit into one transaction, each with its marker and what it adds."""
    group: list[Event] = []
    touched = set[BucketKey]()
    for event in events:
        buckets = _gathered([event]).keys()
        if group and len(group) + 1 + len(touched | buckets) > MOST_WRITES:
            yield group
            group, touched = [], set[BucketKey]()
        if buckets:
            group.append(event)
            touched |= buckets
    if group:
        yield group


def _marker(generation: int, event: Event) -> Write:
    expiry = int(max(event.timestamp.timestamp(), time.time())) + MARKER_DAYS * 86_400
    item = {"pk": f"STAT#{generation}#SEEN#{event.id}", "sk": "SEEN", "ttl": expiry}
    return put(item, Condition(text=ABSENT))


def _partition(generation: str, granularity: Granularity, family: str) -> str:
    return f"STAT#{generation}#{granularity}#{family}"


def _sort_key(key: BucketKey) -> str:
    if not key.member:
        return label(key.start)
    return f"{label(key.start)}#{json.dumps(key.member, ensure_ascii=False, separators=(',', ':'))}"


def _addition(tally: Tally, expiry: int | None) -> Condition | None:
    """One update expression; None where nothing is added."""
    numbers = {f"c.{name}": amount for name, amount in tally.counts.items()}
    for name, sketch in tally.sketches.items():
        numbers |= {f"s.{name}.{bin_}": amount for bin_, amount in sketch.items()}
    if not numbers:
        return None
    aliases = [f"a{place}" for place, _ in zip(count(), numbers, strict=False)]
    text = "ADD " + ", ".join(f"#{alias} :{alias}" for alias in aliases)
    names, values = dict(zip(aliases, numbers, strict=True)), dict(zip(aliases, numbers.values(), strict=True))
    if expiry is not None:
        text += " SET #ttl = :ttl"
        names["ttl"], values["ttl"] = "ttl", expiry
    return Condition(text=text, names=names, values=values)


def _row(item: Mapping[str, Any]) -> Row:
    start, _, member = item["sk"].partition("#")
    moment = datetime.strptime(start, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    return Row(moment, tuple(json.loads(member)) if member else (), _tally(item))


def _tally(item: Mapping[str, Any]) -> Tally:
    tally = Tally()
    for attribute, value in item.items():
        kind, _, name = attribute.partition(".")
        if kind == "c":
            tally.counts[name] = value
        elif kind == "s":
            sketch, _, bin_ = name.rpartition(".")
            tally.sketches.setdefault(sketch, {})[int(bin_)] = value
        elif kind == "lo":
            tally.spans[name] = (value, item.get(f"hi.{name}", value))
    return tally
