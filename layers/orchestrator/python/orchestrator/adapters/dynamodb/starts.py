"""Start events that wait: their rows in the channels, and the locks of correlation keys."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from orchestrator.adapters.dynamodb import channels, keys
from orchestrator.adapters.dynamodb.codec import decode, encode
from orchestrator.adapters.dynamodb.table import Plain, Table
from orchestrator.adapters.dynamodb.writes import ABSENT, Condition, Write, delete, put
from orchestrator.domain.definition import Definition
from orchestrator.domain.ids import DefinitionId
from orchestrator.domain.instance import Instance
from orchestrator.domain.start_event import StartSubscription
from orchestrator.domain.subscription import Channel

START: Final = "START#"
_LOCK: Final = "LOCK"


def changes(before: Definition | None, after: Definition | None) -> list[Write]:
    """What begins and what ceases to wait when a definition is published, deprecated, archived or deleted."""
    old, new = _rows(before), _rows(after)
    gone = [delete(*key) for key in old if key not in new]
    return gone + [put({"pk": pk, "sk": sk, **row}) for (pk, sk), row in new.items() if (pk, sk) not in old]


def _rows(definition: Definition | None) -> dict[tuple[str, str], Plain]:
    if definition is None:
        return {}
    return {
        (channels.partition(channel), f"{START}{definition.id}#{start.element_id}"): encode(
            StartSubscription(definition_id=definition.id, element_id=start.element_id)
        )
        for start in definition.starts
        if (channel := start.channel) is not None
    }


def locks(before: Instance | None, after: Instance) -> Iterator[Write]:
    """An instance that a message began locks its correlation key as long as it is active."""
    key = after.origin.correlation_key if after.origin else None
    if key is None:
        return
    if before is None:
        lock = {"pk": _locked(after.definition_id, key), "sk": _LOCK, "instance_id": after.id}
        yield put(lock, Condition(text=ABSENT))
    elif before.is_active and not after.is_active:
        yield delete(_locked(after.definition_id, key), _LOCK)


def _locked(definition_id: str, correlation_key: str) -> str:
    return f"STARTED#{definition_id}#{hashlib.sha256(correlation_key.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class DynamoDBStarts:
    """`ports.messaging.Starts`."""

    table: Table

    def of(self, channel: Channel) -> Iterator[StartSubscription]:
        """One consistent Query."""
        partition = channels.partition(Channel(kind=channel.kind, name=channel.name))
        found = self.table.all(partition, low=START, high=START + keys.LAST)
        return (decode(StartSubscription, row) for row in found)

    def is_locked(self, definition_id: DefinitionId, correlation_key: str) -> bool:
        """One GetItem."""
        return self.table.get(_locked(definition_id, correlation_key), _LOCK) is not None
