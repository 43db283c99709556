"""Timers that start instances: a row each in the partition of their definition, listed by the time to look at them."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from orchestrator.adapters.dynamodb import keys, lists
from orchestrator.adapters.dynamodb.attributes import unmarshal
from orchestrator.adapters.dynamodb.codec import decode, encode, instant
from orchestrator.adapters.dynamodb.schema import GSI1
from orchestrator.adapters.dynamodb.table import Plain, Table, TransactionRefused
from orchestrator.adapters.dynamodb.writes import Condition, Write, delete, put
from orchestrator.domain.definition import Definition
from orchestrator.domain.schedule import Schedule
from orchestrator.domain.start_event import StartTime

#: list of all schedules, by the time at which the sweep looks at them
SCHEDULES: Final = "SCHEDULE"
PAGE: Final = 100


def changes(before: Definition | None, after: Definition | None, begun: Sequence[Schedule]) -> list[Write]:
    """The timers that cease to count, and those that begin."""
    if (
        before is not None
        and after is not None
        and (before.starts, before.publication)
        == (
            after.starts,
            after.publication,
        )
    ):
        return []
    rows = [_row(schedule) for schedule in begun]
    new = {(row["pk"], row["sk"]) for row in rows}
    old = () if before is None else (_key(before.id, each.element_id, each.time) for each in before.starts if each.time)
    return [delete(*key) for key in dict.fromkeys(old) if key not in new] + [put(row) for row in rows]


def _key(definition_id: str, element_id: str, time: StartTime) -> tuple[str, str]:
    digest = hashlib.sha256(f"{time.kind} {time.text}".encode()).hexdigest()[:16]
    return keys.definition(definition_id), f"{SCHEDULES}#{element_id}#{digest}"


def _key_of(schedule: Schedule) -> tuple[str, str]:
    return _key(schedule.definition_id, schedule.element_id, schedule.time)


def _row(schedule: Schedule) -> Plain:
    partition, key = _key_of(schedule)
    listed = keys.listed(f"{instant(schedule.look_at)}#{partition}#{key}", SCHEDULES)
    return {"pk": partition, "sk": key, **listed, **encode(schedule)}


@dataclass(frozen=True, slots=True)
class DynamoDBSchedules:
    """`ports.messaging.Schedules`."""

    table: Table

    def due(self, *, now: datetime) -> Iterator[Schedule]:
        """Per hundred 1 Query of the list and 1 BatchGetItem: the list may be behind, the rows are as they are now."""
        low, high = lists.LOWEST, f"{instant(now)}#{keys.LAST}"
        while True:
            answer = self.table.query(SCHEDULES, index=GSI1, consistent=False, low=low, high=high, limit=PAGE)
            listed = [unmarshal(item) for item in answer["Items"]]
            found = self.table.get_many([(item["pk"], item["sk"]) for item in listed])
            fresh = [decode(Schedule, item) for item in found.values()]
            yield from sorted((each for each in fresh if each.look_at <= now), key=lambda each: each.look_at)
            if "LastEvaluatedKey" not in answer:
                return
            low = listed[-1][GSI1.sort_key] + " "

    def move(self, schedule: Schedule, then: Schedule | None) -> bool:
        """One conditional write."""
        same = Condition(
            text="version = :version AND #next.#number = :number",
            names={"next": "next", "number": "number"},
            values={"version": encode(schedule)["version"], "number": schedule.next.number},
        )
        write = delete(*_key_of(schedule), same) if then is None else put(_row(then), same)
        try:
            self.table.transact([write])
        except TransactionRefused:
            return False
        return True
