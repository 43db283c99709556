"""Variables that conditional events read: one item each with the latest value, one note per change."""

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from orchestrator.adapters.dynamodb import keys
from orchestrator.adapters.dynamodb.codec import to_text
from orchestrator.adapters.dynamodb.table import Table, TransactionRefused
from orchestrator.adapters.dynamodb.writes import ABSENT, Condition, put
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.ids import InstanceId, TaskId

_VALUE: Final = "WATCHED#"
_NOTE: Final = "CHANGED#"


@dataclass(frozen=True, slots=True)
class DynamoDBWatchedVariables:
    """`ports.messaging.WatchedVariables`."""

    table: Table

    def note(self, instance_id: InstanceId, key: TaskId, values: JsonObject) -> None:
        """One GetItem; what is new is one transaction."""
        partition = keys.instance(instance_id)
        if self.table.get(partition, _NOTE + key):
            return
        found = [put({"pk": partition, "sk": _VALUE + name, "json": to_text(value)}) for name, value in values.items()]
        with suppress(TransactionRefused):  # a repeated call was faster
            self.table.transact([put({"pk": partition, "sk": _NOTE + key}, Condition(text=ABSENT)), *found])

    def values(self, instance_id: InstanceId) -> JsonObject:
        """One Query."""
        found = self.table.all(keys.instance(instance_id), low=_VALUE, high=_VALUE + keys.LAST)
        return {item["sk"].removeprefix(_VALUE): json.loads(item["json"]) for item in found}
