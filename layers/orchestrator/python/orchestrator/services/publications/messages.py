"""Use cases of messages: publish, and look after those that nobody has taken (docs/messages.md)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import takewhile
from typing import Any, Final

from orchestrator.domain import message as domain
from orchestrator.domain.caller import Caller
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.events import Event, Subject, number
from orchestrator.domain.ids import InstanceId, event_id
from orchestrator.domain.instance import Instance
from orchestrator.domain.message import DEFAULT_TIME_TO_LIVE, Message, MessageId
from orchestrator.domain.start_event import Started, StartKind
from orchestrator.domain.subscription import Subscriber
from orchestrator.ports.environment import Clock, Ids
from orchestrator.ports.messaging import Messages, Subscriptions
from orchestrator.services.payloads import within_limit
from orchestrator.services.publications.correlation import Correlation, received
from orchestrator.services.publications.event_starts import EventStarts, Trigger, project_of_started

_PAGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """The body of a publication; `message_id` makes repetitions one message, as long as it is buffered."""

    name: str
    correlation_key: str | None = None
    variables: JsonObject = field(default_factory=dict[str, Any])
    time_to_live: timedelta = DEFAULT_TIME_TO_LIVE
    message_id: str | None = None
    project_id: str | None = None
    sent_by: InstanceId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedMessage:
    """What became of a publication so far; `is_new` False: its sender had published it before."""

    message: Message
    is_new: bool
    received_by: tuple[Subscriber | Started, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageService:
    """Publishes messages: to the oldest wait of each definition, else to its start event, else to a buffer."""

    messages: Messages
    subscriptions: Subscriptions
    correlation: Correlation
    starts: EventStarts
    clock: Clock
    ids: Ids

    def publish(self, caller: Caller, new: NewMessage) -> PublishedMessage:
        """Publish a message; repeated with the same `message_id`, the first stands and is delivered to its end.

        Raises:
            Forbidden: a project that the caller is not in.
            PayloadTooLarge: the variables exceed the limit.
        """
        if new.project_id is not None:
            caller.require_project(new.project_id)
        within_limit("variables", new.variables)
        publication = self.messages.publish(self.message(caller, new))
        received_by = self.deliver(publication.message)
        return PublishedMessage(message=publication.message, is_new=publication.is_new, received_by=received_by)

    def message(self, caller: Caller, new: NewMessage) -> Message:
        """The message that a publication is."""
        now = self.clock.now()
        message = Message(
            id=MessageId(f"message-{self.ids.ulid()}"),
            name=new.name,
            correlation_key=new.correlation_key,
            message_id=new.message_id,
            variables=new.variables,
            published_at=now,
            expires_at=now,
            look_at=now,
            published_by=caller.subject,
            project_ids=None if caller.project_ids is None else tuple(sorted(caller.project_ids)),
            project_id=project_of_started(caller, new.project_id),
            correlation_id=caller.correlation_id,
            sent_by=new.sent_by,
        )
        return domain.published(message, new.time_to_live)

    def written(self, message: Message) -> Message:
        """The message as the record has it, which it may have since before."""
        return self.messages.publish(message).message

    def deliver(self, message: Message) -> tuple[Subscriber | Started, ...]:
        """Hand a written message to the oldest wait of each definition, else to its start event; repeatable.

        Who took it now.
        """
        definitions = [
            definition_id
            for definition_id in self.subscriptions.definitions(message.channel)
            if definition_id not in message.correlated
        ]
        takers = [self._taken_by(definition_id, message) for definition_id in definitions]
        ended = tuple(taker for taker in takers if taker is not None)
        received_by = (*ended, *self._started_by(message, ended))
        if not received_by and message.has_expired(self.clock.now()):
            self.expire(message)
        return received_by

    def _started_by(self, message: Message, ended: tuple[Subscriber, ...]) -> Iterator[Started]:
        trigger = self._trigger(message)
        if not trigger.cause.sees(message.project_id):
            return iter(())  # its sender could not see them
        return self.starts.by(trigger, beside=frozenset({*message.correlated, *(each.definition_id for each in ended)}))

    def _trigger(self, message: Message) -> Trigger:
        return Trigger(
            id=message.id,
            kind=StartKind.MESSAGE,
            name=message.name,
            variables=message.variables,
            told=received(message).told,
            cause=_sender(message),
            project_id=message.project_id,
            correlation_key=message.correlation_key,
            message=message,
        )

    def _taken_by(self, definition_id: str, message: Message) -> Subscriber | None:
        waits = self.subscriptions.of(message.channel, definition_id)
        occurrence = received(message)
        return next((w for w in waits if _may_take(message, w) and self.correlation.fire(w, occurrence)), None)

    def release(self, instance: Instance) -> None:
        """Deliver what an instance held back that a message began and that has ended (else the watch does)."""
        key = instance.origin.correlation_key if instance.origin else None
        if key is None or instance.is_active:
            return
        for channel in self.starts.channels(instance.definition_id, key):
            for message in self.messages.buffered(channel):
                self.deliver(message)

    def look_after(self, has_time: Callable[[], bool]) -> int:
        """Deliver what cut-off publications left, and expire what nobody took, as far as time allows; how many."""
        seen: set[MessageId] = set()
        while due := [m for m in self.messages.due(now=self.clock.now(), limit=_PAGE) if m.id not in seen]:
            for message in due:
                self._look_at(message)
            seen.update(message.id for message in due)
            if not has_time():
                break
        return len(seen)

    def _look_at(self, message: Message) -> None:
        if message.has_expired(self.clock.now()):
            self.expire(message)
            return
        for each in self._in_turn(message):
            self.deliver(each)
        held = message.correlation_key is not None and self.starts.holds_back(self._trigger(message))
        looked = domain.held_back(message, at=self.clock.now()) if held else domain.looked_after(message)
        self.messages.postpone(looked)

    def _in_turn(self, message: Message) -> Iterator[Message]:
        """A message after the older ones of its correlation key: instances begin in the order of publication."""
        if message.correlation_key is not None:
            buffered = self.messages.buffered(message.channel)
            yield from takewhile(lambda each: each.id != message.id, buffered)
        yield message

    def expire(self, message: Message) -> None:
        """Remove a message whose time is over, and tell of it if nobody took it; one that has changed is left."""
        self.messages.remove(message, self._expiry(message))

    def _expiry(self, message: Message) -> tuple[Event, ...]:
        happening = domain.expired(message, at=self.clock.now())
        subject = Subject(
            project_id=message.project_id,
            user_id=message.published_by,
            correlation_id=message.correlation_id,
            instance_id=message.sent_by,
        )
        happenings = () if happening is None else (happening,)
        return number(happenings, after=0, subject=subject, new_id=lambda: event_id(self.ids.ulid()))


def _may_take(message: Message, subscriber: Subscriber) -> bool:
    return message.project_ids is None or subscriber.project_id in message.project_ids


def _sender(message: Message) -> Caller:
    return Caller(
        subject=message.published_by,
        project_ids=None if message.project_ids is None else frozenset(message.project_ids),
        correlation_id=message.correlation_id,
    )
