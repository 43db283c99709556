"""What events need from outside, as Protocols; adapters/ implements them, bootstrap/ wires them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.events import Event
from orchestrator.domain.ids import DefinitionId, InstanceId, TaskId
from orchestrator.domain.message import Message
from orchestrator.domain.schedule import Schedule
from orchestrator.domain.start_event import StartSubscription
from orchestrator.domain.subscription import Channel, Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A message as the record has it; `is_new` False: its sender had published it before."""

    message: Message
    is_new: bool


class Subscriptions(Protocol):
    """Who waits for what."""

    def definitions(self, channel: Channel) -> Iterator[str]:
        """The definitions whose instances wait in a channel."""
        ...

    def of(self, channel: Channel, definition_id: str) -> Iterator[Subscriber]:
        """The waits of a definition in a channel, oldest first; one closed a moment ago may still be among them."""
        ...


class Starts(Protocol):
    """Start events that wait for messages and signals."""

    def of(self, channel: Channel) -> Iterator[StartSubscription]:
        """The start events that wait for the name of a channel, whatever its key; by definition."""
        ...

    def is_locked(self, definition_id: DefinitionId, correlation_key: str) -> bool:
        """Tell whether an instance of the definition that a message with this key began is active."""
        ...


class Schedules(Protocol):
    """Timers of start events; they begin to count, and cease to, with the publication that they belong to."""

    def due(self, *, now: datetime) -> Iterator[Schedule]:
        """The timers to look at by now, the longest due first."""
        ...

    def move(self, schedule: Schedule, then: Schedule | None) -> bool:
        """Replace a schedule by that of the occurrence after it (None: there is none); False: somebody has."""
        ...


class WatchedVariables(Protocol):
    """The latest values of the variables that the conditional events of an instance read."""

    def note(self, instance_id: InstanceId, key: TaskId, values: JsonObject) -> None:
        """Write what an entry has changed, once: a repeated call changes nothing."""
        ...

    def values(self, instance_id: InstanceId) -> JsonObject:
        """All that was noted, the latest values."""
        ...


class Messages(Protocol):
    """Buffered messages. They are taken in the transaction of the instance that takes them."""

    def publish(self, message: Message) -> Publication:
        """Write a message; of two with the same name, key and sender's id the first stands."""
        ...

    def load(self, message: Message) -> Message | None:
        """The message as it is now; None: it has gone."""
        ...

    def buffered(self, channel: Channel) -> Iterator[Message]:
        """The messages of a channel, oldest first, expired ones included."""
        ...

    def due(self, *, now: datetime, limit: int) -> tuple[Message, ...]:
        """Messages that the watch must look after by now, the longest due first."""
        ...

    def postpone(self, message: Message) -> None:
        """Write when the watch looks at it again."""
        ...

    def remove(self, message: Message, events: tuple[Event, ...]) -> bool:
        """Remove a message that nobody took since it was loaded, and tell of it; False: it has changed."""
        ...
