"""The queue: one small row per queued instance, sorted by rank; batches with a bound have lanes of their own."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from orchestrator.adapters.dynamodb import keys
from orchestrator.adapters.dynamodb.codec import decode, encode
from orchestrator.adapters.dynamodb.table import Table, TransactionRefused
from orchestrator.adapters.dynamodb.writes import Condition, Write, delete, put
from orchestrator.domain.instance import Instance
from orchestrator.ports.admission import Lane, Waiting

_PAGE = 500


@dataclass(frozen=True, slots=True)
class DynamoDBQueue:
    """`ports.admission.Queue`."""

    table: Table

    def lanes(self) -> tuple[Lane, ...]:
        """One Query."""
        return tuple(Lane(item["sk"], item["last"]) for item in self.table.all(keys.LANES))

    def close_lane(self, lane: Lane) -> None:
        """One conditional DeleteItem."""
        unmoved = Condition(text="#last = :last", names={"last": "last"}, values={"last": lane.last})
        with suppress(TransactionRefused):
            self.table.transact([delete(keys.LANES, lane.batch_id, unmoved)])

    def waiting(self, lane: Lane | None = None) -> Iterator[Waiting]:
        """A Query per page that is taken."""
        partition = keys.queue(lane.batch_id if lane else None)
        return (decode(Waiting, item) for item in self.table.all(partition, limit=_PAGE))


def changes(before: Instance | None, after: Instance) -> list[Write]:
    """What a transition changes of the queue."""
    old, new = (_row(instance) for instance in (before, after))
    if old == new:
        return []
    moved = old is not None and (new is None or _key(old) != _key(new))
    removed = [delete(*_key(old))] if old is not None and moved else []
    return removed + ([put(new), *_lane(after)] if new is not None else [])


def _lane(instance: Instance) -> list[Write]:
    """The note that a batch has a lane; whoever comes in changes it, so that it is not closed unseen."""
    if instance.batch is None or instance.batch.slots is None:
        return []
    return [put({"pk": keys.LANES, "sk": instance.batch.batch_id, "last": f"{instance.id}#{instance.sequence}"})]


def _key(row: dict[str, Any]) -> tuple[str, str]:
    return row["pk"], row["sk"]


def _row(instance: Instance | None) -> dict[str, Any] | None:
    waiting = waiting_of(instance) if instance is not None else None
    if waiting is None:
        return None
    lane = waiting.batch_id if waiting.batch_slots is not None else None
    return {"pk": keys.queue(lane), "sk": keys.position(waiting.rank, waiting.instance_id), **encode(waiting)}


def waiting_of(instance: Instance) -> Waiting | None:
    """The place of an instance in the queue; None: it has none."""
    rank = instance.rank
    if rank is None or instance.queueing is None:
        return None
    return Waiting(
        instance_id=instance.id,
        definition_id=instance.definition_id,
        definition_version=instance.definition_version,
        project_id=instance.project_id,
        priority=instance.priority,
        queued_at=instance.queueing.at,
        rank=rank,
        batch_id=instance.batch.batch_id if instance.batch else None,
        batch_slots=instance.batch.slots if instance.batch else None,
    )
