"""Messages: published once, correlated at most once per definition, buffered until their time to live is over."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, NewType

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.ids import InstanceId
from orchestrator.domain.subscription import Channel, SubscriptionKind

MessageId = NewType("MessageId", str)

#: how long a message waits for a subscriber, where its sender does not say
DEFAULT_TIME_TO_LIVE: Final = timedelta(hours=1)
#: how soon the watch looks after a message whose publication may have been cut off
FIRST_LOOK: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One publication. `message_id` is its sender's, unique among the buffered messages of its name and key.

    `correlated` are the definitions that have taken it. `project_ids` (None: all) confine who may, as they
    confine its sender; `project_id` is that of the instances which it starts. `sent_by` is the instance that
    threw it. The watch looks at it again at `look_at`.
    """

    id: MessageId
    name: str
    published_at: datetime
    expires_at: datetime
    look_at: datetime
    published_by: str
    correlation_key: str | None = None
    message_id: str | None = None
    variables: JsonObject = field(default_factory=dict[str, Any])
    correlated: tuple[str, ...] = ()
    project_ids: tuple[str, ...] | None = None
    project_id: str | None = None
    correlation_id: str | None = None
    sent_by: InstanceId | None = None

    @property
    def channel(self) -> Channel:
        """Where its subscribers are found."""
        return Channel(kind=SubscriptionKind.MESSAGE, name=self.name, key=self.correlation_key or "")

    def has_expired(self, now: datetime) -> bool:
        """Tell whether nobody may take it any more."""
        return now >= self.expires_at

    def may_go_to(self, definition_id: str, project_id: str | None, *, now: datetime) -> bool:
        """Tell whether an instance of the definition, in the project, may take it."""
        if self.has_expired(now) or definition_id in self.correlated:
            return False
        return self.project_ids is None or project_id in self.project_ids


def published(message: Message, time_to_live: timedelta) -> Message:
    """The message with its times: how long it lives, and when the watch first looks after it."""
    at = message.published_at
    expires_at = at + time_to_live
    return replace(message, expires_at=expires_at, look_at=min(expires_at, at + FIRST_LOOK))


def looked_after(message: Message) -> Message:
    """The message after the watch has found nobody for it: it is looked at again when it expires."""
    return replace(message, look_at=message.expires_at)


def held_back(message: Message, *, at: datetime) -> Message:
    """The message while an instance that its correlation key began is active: it is looked at again soon."""
    return replace(message, look_at=min(message.expires_at, at + FIRST_LOOK))


def expired(message: Message, *, at: datetime) -> Happening | None:
    """What is told of a message whose time is over: nothing, if somebody has taken it."""
    if message.correlated:
        return None
    data = {"message_name": message.name, "correlation_key": message.correlation_key, "message_id": message.message_id}
    return Happening(type=EventType.MESSAGE_EXPIRED, at=at, data=data, actor=message.published_by)
