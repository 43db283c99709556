"""Subscriptions: what a wait of the record waits for (docs/design-notes.md, section 9)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.ids import DefinitionId, InstanceId, TaskId


class SubscriptionKind(StrEnum):
    """The kinds of events that are found by their name, or by a condition that becomes true."""

    MESSAGE = "message"
    SIGNAL = "signal"
    CONDITIONAL = "conditional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One event that a token waits for; `element_id` is the event that fires.

    A message without `correlation_key` is found by its name alone, and by the business key of its instance. A
    condition is a text in an expression language; of the variables that it `reads`, the token had `seen` some when it
    arrived. One that is `spent` has been true: it counts again once it was not (BPMN 10.5.5).
    """

    element_id: str
    kind: SubscriptionKind
    name: str | None = None
    correlation_key: str | None = None
    condition: str | None = None
    language: str | None = None
    reads: tuple[str, ...] = ()
    seen: JsonObject | None = None
    spent: bool = False

    @property
    def is_condition(self) -> bool:
        """Tell whether it is for a condition that becomes true."""
        return self.kind is SubscriptionKind.CONDITIONAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where a publication meets its subscribers: messages by name and key (`""`: none), signals by name."""

    kind: SubscriptionKind
    name: str
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A wait as it is found in a channel."""

    instance_id: InstanceId
    task_id: TaskId
    element_id: str
    definition_id: DefinitionId
    created_at: datetime
    project_id: str | None = None


def channels(subscription: Subscription, *, business_key: str | None) -> tuple[Channel, ...]:
    """The channels in which a subscription is found; a condition is in none."""
    name, key, kind = subscription.name, subscription.correlation_key, subscription.kind
    if name is None or kind is SubscriptionKind.CONDITIONAL:
        return ()
    if kind is SubscriptionKind.SIGNAL:
        return (Channel(kind=kind, name=name),)
    if key is not None:
        return (Channel(kind=kind, name=name, key=key),)
    keys = ("",) if not business_key else ("", business_key)
    return tuple(Channel(kind=kind, name=name, key=known) for known in keys)
