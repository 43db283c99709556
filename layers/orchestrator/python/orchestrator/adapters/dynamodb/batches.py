"""Heads of batches. Their instances are found by lookup, and counted by status as those of a project are."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from orchestrator.adapters.dynamodb import counters, keys
from orchestrator.adapters.dynamodb.codec import decode, encode, instant, to_text
from orchestrator.adapters.dynamodb.table import Plain, Table, TransactionRefused
from orchestrator.adapters.dynamodb.writes import ABSENT, PRESENT, Condition, put, update
from orchestrator.domain.batch import RESOURCE, Batch
from orchestrator.domain.errors import NotFound
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.new_instance import NewInstance
from orchestrator.domain.priority import Priority
from orchestrator.ports.engine import PayloadStore


@dataclass(frozen=True, slots=True)
class DynamoDBBatches:
    """`ports.admission.BatchStore`."""

    table: Table
    payloads: PayloadStore

    def keep(self, batch: Batch, workflows: Mapping[int, NewInstance]) -> None:
        """One object, named by its content: that of another request is not touched."""
        self.payloads.put(_key(batch), to_text({place: encode(new) for place, new in workflows.items()}))

    def workflows(self, batch: Batch) -> Mapping[int, NewInstance]:
        """One object."""
        kept: dict[str, Plain] = json.loads(self.payloads.get(_key(batch)))
        return {int(place): decode(NewInstance, plain) for place, plain in kept.items()}

    def register(self, batch: Batch) -> Batch:
        """One conditional write; where it fails, one read."""
        item = {"pk": keys.batch(batch.id), "sk": keys.HEAD, **encode(batch)}
        try:
            self.table.transact([put(item, Condition(text=ABSENT))])
        except TransactionRefused:
            return self.load(batch.id)
        return batch

    def load(self, batch_id: str) -> Batch:
        """One GetItem."""
        item = self.table.get(keys.batch(batch_id), keys.HEAD)
        if item is None:
            raise NotFound(RESOURCE, batch_id)
        return decode(Batch, item)

    def prioritise(self, batch_id: str, priority: Priority) -> None:
        """One update."""
        change = Condition(text="SET priority = :priority", values={"priority": priority.value})
        self.table.apply(update(keys.batch(batch_id), keys.HEAD, change, condition=PRESENT))

    def cancel(self, batch_id: str, *, at: datetime) -> None:
        """One update; the first time stands."""
        text = "SET cancelled_at = if_not_exists(cancelled_at, :at)"
        change = Condition(text=text, values={"at": instant(at)})
        self.table.apply(update(keys.batch(batch_id), keys.HEAD, change, condition=PRESENT))

    def counts(self, batch_id: str) -> Mapping[InstanceStatus, int]:
        """One BatchGetItem, strongly consistent."""
        shards = counters.read(self.table, counters.of_batch(batch_id), consistent=True)
        return {status: counters.total(shards, [f"instance.status.{status}"]) for status in InstanceStatus}


def _key(batch: Batch) -> str:
    return f"batches/{batch.fingerprint}/{batch.id}"
