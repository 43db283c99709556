"""Rounds of repeated activities: one item that counts them, one item per round that has ended."""

import json
from dataclasses import dataclass

from orchestrator.adapters.dynamodb import keys
from orchestrator.adapters.dynamodb.codec import to_text
from orchestrator.adapters.dynamodb.table import Plain, Table
from orchestrator.adapters.dynamodb.writes import ABSENT, Condition, put, update
from orchestrator.domain.documents import JsonObject
from orchestrator.ports.activities import Repetition


@dataclass(frozen=True, slots=True)
class DynamoDBRounds:
    """`ports.activities.RoundStore`."""

    table: Table

    def note(self, repetition: Repetition, index: int, result: JsonObject) -> int | None:
        """One BatchGetItem; a new round is one transaction: its item, and the counter moved from n to n + 1."""
        partition, count, own = _keys(repetition, index)
        found = self.table.get_many([(partition, count), (partition, own)])
        noted, counter = found.get((partition, own)), found.get((partition, count), {})
        if noted is not None:
            return int(noted["number"])
        if counter.get("closed"):
            return None
        done = int(counter.get("done", 0))
        item = {"pk": partition, "sk": own, "number": done + 1, "json": to_text(result)}
        moved = Condition(text="SET done = :next", values={"next": done + 1, "done": done})
        unmoved = "attribute_not_exists(closed) AND (attribute_not_exists(done) OR done = :done)"
        self.table.transact([put(item, Condition(text=ABSENT)), update(partition, count, moved, condition=unmoved)])
        return done + 1

    def close(self, repetition: Repetition) -> None:
        """One update."""
        partition, count, _ = _keys(repetition)
        self.table.apply(update(partition, count, Condition(text="SET closed = :yes", values={"yes": True})))

    def results(self, repetition: Repetition) -> tuple[JsonObject, ...]:
        """One Query."""
        return tuple(json.loads(item["json"]) for item in self._stored(repetition))

    def until(self, repetition: Repetition, number: int) -> tuple[JsonObject, ...]:
        """One Query."""
        ended = sorted(self._stored(repetition), key=lambda item: int(item["number"]))
        return tuple(json.loads(item["json"]) for item in ended[:number])

    def _stored(self, repetition: Repetition) -> list[Plain]:
        partition, _, first = _keys(repetition)
        return list(self.table.all(partition, low=first, high=first.removesuffix("000000") + keys.LAST))


def _keys(repetition: Repetition, index: int = 0) -> tuple[str, str, str]:
    """Partition, and sort keys of the counter and of a round."""
    within = f"{repetition.thread}#{repetition.scope}"
    return keys.instance(repetition.instance_id), f"ROUNDS#{within}", f"ROUND#{within}#{index:06}"
