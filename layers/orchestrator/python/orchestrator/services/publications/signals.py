"""Use case of signals: a broadcast to everything that waits for the name now; a signal is never buffered."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from orchestrator.domain.caller import Caller
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.start_event import Started, StartKind
from orchestrator.domain.subscription import Channel, Subscriber, SubscriptionKind
from orchestrator.ports.environment import Ids
from orchestrator.ports.messaging import Subscriptions
from orchestrator.services.payloads import within_limit
from orchestrator.services.publications.correlation import Correlation, broadcast
from orchestrator.services.publications.event_starts import EventStarts, Trigger, project_of_started


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSignal:
    """The body of a publication.

    Two with the same `id` are one, of which a start event starts one instance (None: it is one of its own).
    `project_id` is that of the instances which it starts.
    """

    name: str
    variables: JsonObject = field(default_factory=dict[str, Any])
    id: str | None = None
    project_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalService:
    """Broadcasts signals."""

    subscriptions: Subscriptions
    correlation: Correlation
    starts: EventStarts
    ids: Ids

    def publish(self, caller: Caller, new: NewSignal) -> tuple[Subscriber | Started, ...]:
        """Broadcast a signal in the caller's projects: the waits that it ended, and the instances that it started.

        Repeated, it ends the waits that have come since.

        Raises:
            Forbidden: a project that the caller is not in.
            PayloadTooLarge: the variables exceed the limit.
        """
        if new.project_id is not None:
            caller.require_project(new.project_id)
        within_limit("variables", new.variables)
        channel = Channel(kind=SubscriptionKind.SIGNAL, name=new.name)
        waiting = [
            subscriber
            for definition_id in self.subscriptions.definitions(channel)
            for subscriber in self.subscriptions.of(channel, definition_id)
            if caller.sees(subscriber.project_id)
        ]
        occurrence = broadcast(new.name, new.variables)
        ended = [subscriber for subscriber in waiting if self.correlation.fire(subscriber, occurrence)]
        return (*ended, *self._started_by(caller, new))

    def _started_by(self, caller: Caller, new: NewSignal) -> Iterator[Started]:
        project_id = project_of_started(caller, new.project_id)
        if not caller.sees(project_id):
            return iter(())  # the sender could not see them
        trigger = Trigger(
            id=new.id or f"signal-{self.ids.ulid()}",
            kind=StartKind.SIGNAL,
            name=new.name,
            variables=new.variables,
            told=broadcast(new.name, new.variables).told,
            cause=caller,
            project_id=project_id,
        )
        return self.starts.by(trigger)
