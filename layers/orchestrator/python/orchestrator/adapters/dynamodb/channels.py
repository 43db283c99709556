"""Partitions in which publications meet subscribers: keys, and the rows of those who wait there."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from orchestrator.adapters.dynamodb import keys
from orchestrator.adapters.dynamodb.attributes import unmarshal
from orchestrator.adapters.dynamodb.codec import decode, encode, instant
from orchestrator.adapters.dynamodb.table import Plain, Table
from orchestrator.adapters.dynamodb.writes import Write, delete, put
from orchestrator.domain.instance import Instance
from orchestrator.domain.message import Message
from orchestrator.domain.subscription import Channel, Subscriber, channels
from orchestrator.domain.task import UNANSWERED, Task
from orchestrator.ports.transitions import TaskTransition

BUFFER: Final = "BUFFER#"
WAIT: Final = "WAIT#"
#: list of all buffered messages, by the time at which the watch looks at them
MESSAGES: Final = "MESSAGE"
#: longer names and keys of callers stand in keys by their digest; DynamoDB takes 2,048 bytes
_LONGEST: Final = 1_500


def partition(channel: Channel) -> str:
    """Partition of a channel."""
    text = json.dumps([channel.name, channel.key], ensure_ascii=False)
    if len(text.encode()) > _LONGEST:
        text = hashlib.sha256(text.encode()).hexdigest()
    return f"{channel.kind.upper()}#{text}"


def buffered(message: Message) -> str:
    """Sort key of a message: oldest first."""
    return f"{BUFFER}{instant(message.published_at)}#{message.id}"


def known(message_id: str) -> str:
    """Sort key of the note that a sender's id was used."""
    return f"ID#{hashlib.sha256(message_id.encode()).hexdigest()}"


def writes(instance: Instance, change: TaskTransition) -> Iterator[Write]:
    """A new wait gets its rows, one that is closed loses them."""
    after = change.after
    if change.before is None and after.status in UNANSWERED:
        yield from (put({"pk": pk, "sk": sk, **encode(row)}) for pk, sk, row in _rows(instance, after))
    if change.before is not None and change.before.status in UNANSWERED and after.status not in UNANSWERED:
        yield from (delete(pk, sk) for pk, sk, _ in _rows(instance, after))


def _rows(instance: Instance, wait: Task) -> Iterator[tuple[str, str, Subscriber]]:
    at = keys.position(wait.created_at, wait.id)
    for subscription in wait.subscriptions:
        row = Subscriber(
            instance_id=instance.id,
            task_id=wait.id,
            element_id=subscription.element_id,
            definition_id=instance.definition_id,
            created_at=wait.created_at,
            project_id=instance.project_id,
        )
        for channel in channels(subscription, business_key=instance.business_key):
            yield partition(channel), f"{_waits(instance.definition_id)}{at}#{subscription.element_id}", row


def _waits(definition_id: str) -> str:
    return f"{WAIT}{definition_id}#"


@dataclass(frozen=True, slots=True)
class DynamoDBSubscriptions:
    """`ports.messaging.Subscriptions`."""

    table: Table

    def definitions(self, channel: Channel) -> Iterator[str]:
        """One consistent Query of one item for each definition, and one more."""
        low = WAIT
        while True:
            found = self.table.query(partition(channel), low=low, high=WAIT + keys.LAST, limit=1)["Items"]
            if not found:
                return
            definition_id = decode(Subscriber, unmarshal(found[0])).definition_id
            yield definition_id
            low = _waits(definition_id) + keys.LAST

    def of(self, channel: Channel, definition_id: str) -> Iterator[Subscriber]:
        """One consistent Query."""
        low = _waits(definition_id)
        found: Iterator[Plain] = self.table.all(partition(channel), low=low, high=low + keys.LAST)
        return (decode(Subscriber, item) for item in found)
