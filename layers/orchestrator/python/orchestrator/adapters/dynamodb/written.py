"""What tokens wrote inside scopes that something may interrupt: one item for each time that one told it."""

from dataclasses import dataclass
from typing import Final

from orchestrator.adapters.dynamodb import keys
from orchestrator.adapters.dynamodb.codec import decode, encode
from orchestrator.adapters.dynamodb.table import Table
from orchestrator.adapters.dynamodb.writes import ABSENT, Condition
from orchestrator.domain.ids import InstanceId
from orchestrator.domain.written import Written

_TOLD: Final = "WROTE#"


@dataclass(frozen=True, slots=True)
class DynamoDBWrittenVariables:
    """`ports.activities.WrittenVariables`."""

    table: Table

    def note(self, instance_id: InstanceId, key: str, written: Written) -> None:
        """One conditional write."""
        item = {"pk": keys.instance(instance_id), "sk": _TOLD + key, **encode(written)}
        self.table.put_if(item, Condition(text=ABSENT))

    def told(self, instance_id: InstanceId) -> tuple[Written, ...]:
        """One Query."""
        found = self.table.all(keys.instance(instance_id), low=_TOLD, high=_TOLD + keys.LAST)
        return tuple(decode(Written, item) for item in found)
