"""Use cases of messages: publish, and look after those that nobody has taken (docs/messages.md)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from orchestrator.domain import message as domain
from orchestrator.domain.caller import Caller
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.events import Event, Subject, number
from orchestrator.domain.ids import InstanceId, event_id
from orchestrator.domain.message import DEFAULT_TIME_TO_LIVE, Message, MessageId
from orchestrator.domain.subscription import Subscriber
from orchestrator.messaging_ports import Messages, Subscriptions
from orchestrator.ports import Clock, Ids
from orchestrator.services.correlation import Correlation, received
from orchestrator.services.payloads import within_limit

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
    received_by: tuple[Subscriber, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageService:
    """Publishes messages: to the oldest wait of each definition, else to a buffer."""

    messages: Messages
    subscriptions: Subscriptions
    correlation: Correlation
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
            project_id=new.project_id,
            correlation_id=caller.correlation_id,
            sent_by=new.sent_by,
        )
        return domain.published(message, new.time_to_live)

    def written(self, message: Message) -> Message:
        """The message as the record has it, which it may have since before."""
        return self.messages.publish(message).message

    def deliver(self, message: Message) -> tuple[Subscriber, ...]:
        """Hand a written message to the oldest wait of each definition; repeatable. Who took it now."""
        definitions = [
            definition_id
            for definition_id in self.subscriptions.definitions(message.channel)
            if definition_id not in message.correlated
        ]
        takers = [self._taken_by(definition_id, message) for definition_id in definitions]
        received_by = tuple(taker for taker in takers if taker is not None)
        if not received_by and message.has_expired(self.clock.now()):
            self.expire(message)
        return received_by

    def _taken_by(self, definition_id: str, message: Message) -> Subscriber | None:
        waits = self.subscriptions.of(message.channel, definition_id)
        occurrence = received(message)
        return next((w for w in waits if _may_take(message, w) and self.correlation.fire(w, occurrence)), None)

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
        self.deliver(message)
        self.messages.postpone(domain.looked_after(message))

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
