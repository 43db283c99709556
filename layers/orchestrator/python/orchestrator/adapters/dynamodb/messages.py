"""Buffered messages in the table, in the partition where those who wait for them are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from orchestrator.adapters.dynamodb import channels, keys, lists, outbox
from orchestrator.adapters.dynamodb.attributes import unmarshal
from orchestrator.adapters.dynamodb.codec import decode, encode, instant
from orchestrator.adapters.dynamodb.counters import Tally
from orchestrator.adapters.dynamodb.schema import GSI1
from orchestrator.adapters.dynamodb.table import Plain, Table, TransactionRefused
from orchestrator.adapters.dynamodb.writes import ABSENT, PRESENT, Condition, Write, delete, put, update
from orchestrator.domain.events import Event
from orchestrator.domain.message import Message
from orchestrator.domain.subscription import Channel
from orchestrator.ports.messaging import Publication
from orchestrator.ports.transitions import Throw

#: rows that the watch should have removed go by themselves so long after their time
_GRACE: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DynamoDBMessages:
    """`ports.messaging.Messages`."""

    table: Table
    retention_days: int

    def publish(self, message: Message) -> Publication:
        """One transaction; of a sender's id that is known, two GetItem."""
        try:
            self.table.transact(writes(message))
        except TransactionRefused:
            return Publication(message=self._earlier(message), is_new=False)
        return Publication(message=message, is_new=True)

    def _earlier(self, message: Message) -> Message:
        partition = channels.partition(message.channel)
        note = self.table.get(partition, channels.known(message.message_id or ""))
        item = self.table.get(partition, note["message"]) if note else None
        return decode(Message, item) if item else message

    def load(self, message: Message) -> Message | None:
        """One GetItem."""
        item = self.table.get(channels.partition(message.channel), channels.buffered(message))
        return decode(Message, item) if item else None

    def buffered(self, channel: Channel) -> Iterator[Message]:
        """One consistent Query, page by page as far as it is read."""
        low, high = channels.BUFFER, channels.BUFFER + keys.LAST
        found: Iterator[Plain] = self.table.all(channels.partition(channel), low=low, high=high)
        return (decode(Message, item) for item in found)

    def due(self, *, now: datetime, limit: int) -> tuple[Message, ...]:
        """One Query of the list."""
        answer = self.table.query(
            channels.MESSAGES,
            index=GSI1,
            consistent=False,
            low=lists.LOWEST,
            high=f"{instant(now)}#{keys.LAST}",
            limit=limit,
        )
        return tuple(decode(Message, unmarshal(item)) for item in answer["Items"])

    def postpone(self, message: Message) -> None:
        """One update."""
        values = {"at": instant(message.look_at), "position": _position(message)}
        change = Condition(text=f"SET look_at = :at, {GSI1.sort_key} = :position", values=values)
        partition, key = channels.partition(message.channel), channels.buffered(message)
        self.table.apply(update(partition, key, change, condition=PRESENT))

    def remove(self, message: Message, events: tuple[Event, ...]) -> bool:
        """One transaction: the message, the note of its id, the event."""
        partition = channels.partition(message.channel)
        taken = "attribute_not_exists(correlated)" if not message.correlated else "size(correlated) = :n"
        values = {"n": len(message.correlated)} if message.correlated else {}
        unchanged = Condition(text=f"{PRESENT} AND {taken}", values=values)
        removed: list[Write] = [delete(partition, channels.buffered(message), unchanged)]
        if message.message_id is not None:
            removed.append(delete(partition, channels.known(message.message_id)))
        tally = Tally(aggregate=partition)
        owner = f"{channels.MESSAGES}#{message.id}"
        told = outbox.writes(owner, events, retention_days=self.retention_days, tally=tally)
        try:
            self.table.transact([*removed, *told, *tally.writes()])
        except TransactionRefused:
            return False
        return True


def writes(message: Message) -> list[Write]:
    """A new message, and the note of its sender's id, which must be new."""
    partition, key = channels.partition(message.channel), channels.buffered(message)
    ttl = int((message.expires_at + _GRACE).timestamp())
    listed = keys.listed(_position(message), channels.MESSAGES)
    plain = encode(message)
    plain.pop("correlated")  # absent until somebody takes it
    rows: list[Write] = [put({"pk": partition, "sk": key, "ttl": ttl, **listed, **plain}, Condition(text=ABSENT))]
    if message.message_id is not None:
        note = {"pk": partition, "sk": channels.known(message.message_id), "message": key, "ttl": ttl}
        rows.append(put(note, Condition(text=ABSENT)))
    return rows


def take(message: Message, definition_id: str) -> Write:
    """A definition takes the message; each may do so once."""
    change = Condition(
        text="SET correlated = list_append(if_not_exists(correlated, :none), :mine)",
        values={"none": [], "mine": [definition_id], "definition": definition_id},
    )
    free = f"{PRESENT} AND NOT contains(correlated, :definition)"
    return update(channels.partition(message.channel), channels.buffered(message), change, condition=free)


def thrown(partition: str, throw: Throw) -> list[Write]:
    """The note that an entry has thrown, which must be new, and its message."""
    note = {"pk": partition, "sk": keys.thrown(throw.key), "execution": throw.execution}
    return [put(note, Condition(text=ABSENT)), *([] if throw.message is None else writes(throw.message))]


def _position(message: Message) -> str:
    return f"{instant(message.look_at)}#{message.id}"
