"""Use case of signals: a broadcast to everything that waits for the name now; a signal is never buffered."""

from dataclasses import dataclass, field
from typing import Any

from orchestrator.domain.caller import Caller
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.subscription import Channel, Subscriber, SubscriptionKind
from orchestrator.messaging_ports import Subscriptions
from orchestrator.services.correlation import Correlation, broadcast
from orchestrator.services.payloads import within_limit


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSignal:
    """The body of a publication."""

    name: str
    variables: JsonObject = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalService:
    """Broadcasts signals."""

    subscriptions: Subscriptions
    correlation: Correlation

    def publish(self, caller: Caller, new: NewSignal) -> tuple[Subscriber, ...]:
        """Broadcast a signal; the waits that it ended. Repeated, it ends those that have come since.

        Raises:
            PayloadTooLarge: the variables exceed the limit.
        """
        within_limit("variables", new.variables)
        return self.send(new, None if caller.project_ids is None else tuple(caller.project_ids))

    def send(self, new: NewSignal, project_ids: tuple[str, ...] | None) -> tuple[Subscriber, ...]:
        """Broadcast a signal in some projects (None: all)."""
        channel = Channel(kind=SubscriptionKind.SIGNAL, name=new.name)
        waiting = [
            subscriber
            for definition_id in self.subscriptions.definitions(channel)
            for subscriber in self.subscriptions.of(channel, definition_id)
            if project_ids is None or subscriber.project_id in project_ids
        ]
        occurrence = broadcast(new.name, new.variables)
        return tuple(subscriber for subscriber in waiting if self.correlation.fire(subscriber, occurrence))
