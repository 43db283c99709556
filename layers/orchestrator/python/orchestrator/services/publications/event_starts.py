"""Instances that events start: each occurrence at most one at each start event (docs/design-notes.md, section 9).

The instance's id is made of the occurrence, so a repetition finds the one that is there.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from orchestrator.domain import instance_lifecycle as lifecycle
from orchestrator.domain.admission import Slot
from orchestrator.domain.caller import Caller
from orchestrator.domain.definition import Definition
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.errors import NotFound, Unavailable
from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.ids import DefinitionId, InstanceId, started_instance_id
from orchestrator.domain.instance import Configuration, Instance, InstanceStatus
from orchestrator.domain.message import Message
from orchestrator.domain.new_instance import NewInstance
from orchestrator.domain.start_event import (
    CONDITIONS,
    Origin,
    StartCondition,
    Started,
    StartEvent,
    StartKind,
    StartSubscription,
    StartTime,
)
from orchestrator.domain.subscription import Channel, SubscriptionKind
from orchestrator.ports.definitions import DefinitionStore
from orchestrator.ports.engine import WorkflowEngine
from orchestrator.ports.environment import Clock, Ids, Pause
from orchestrator.ports.instances import InstanceStore
from orchestrator.ports.messaging import Messages, Starts
from orchestrator.services.instances.instances import new_instance, run
from orchestrator.services.slots.admission import NO_SLOT, Door
from orchestrator.services.unit_of_work import decided, instance_transition

_EVENTS = {
    StartKind.MESSAGE: EventType.MESSAGE_RECEIVED,
    StartKind.SIGNAL: EventType.SIGNAL_RECEIVED,
    StartKind.TIMER: EventType.TIMER_TRIGGERED,
    StartKind.CONDITIONAL: EventType.CONDITION_MET,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What happened that starts instances: who caused it, what is told of it, the message that it comes from.

    `id` is unique to the occurrence. The instances belong to `project_id`.
    """

    id: str
    kind: StartKind
    name: str | None = None
    time: StartTime | None = None
    condition: StartCondition | None = None
    variables: JsonObject = field(default_factory=dict[str, Any])
    told: JsonObject
    cause: Caller
    project_id: str | None = None
    correlation_key: str | None = None
    business_key: str | None = None
    message: Message | None = None

    def at(self, start: StartSubscription) -> StartEvent:
        """The start event that it happens to."""
        return StartEvent(
            element_id=start.element_id, kind=self.kind, name=self.name, time=self.time, condition=self.condition
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EventStarts:
    """Starts instances."""

    starts: Starts
    messages: Messages
    instances: InstanceStore
    definitions: DefinitionStore
    engine: WorkflowEngine
    door: Door
    clock: Clock
    ids: Ids
    pause: Pause

    def by(self, trigger: Trigger, *, beside: frozenset[str] = frozenset()) -> Iterator[Started]:
        """Start what waits for an event, but for definitions `beside`, which have it already."""
        for start in self.starts.of(_channel(trigger)):
            if start.definition_id in beside:
                continue
            instance = self.begin(start, trigger)
            if instance is not None:
                yield Started(instance_id=instance.id, definition_id=start.definition_id, element_id=start.element_id)

    def conditional(self) -> Iterator[tuple[StartSubscription, StartCondition]]:
        """The conditional start events that wait, one Query; each with its condition, one GetItem."""
        for start in self.starts.of(CONDITIONS):
            with suppress(NotFound):
                events = self.definitions.load(start.definition_id).starts
                found = (one.condition for one in events if one.element_id == start.element_id)
                yield from ((start, condition) for condition in found if condition is not None)

    def channels(self, definition_id: DefinitionId, correlation_key: str) -> tuple[Channel, ...]:
        """Where messages with a key are that start instances of a definition."""
        source = self.definitions.load_many([definition_id]).get(definition_id)
        waiting = source.starts if source is not None else ()
        return tuple(
            replace(start.channel, key=correlation_key)
            for start in waiting
            if start.kind is StartKind.MESSAGE and start.channel is not None
        )

    def begin(self, start: StartSubscription, trigger: Trigger) -> Instance | None:
        """Start an instance at a start event, in a slot or queued; None: it does not start one (any more)."""
        instance = decided(lambda: self._begun(start, trigger), self.pause)
        if instance is not None and instance.status is InstanceStatus.RUNNING:
            with suppress(Unavailable):  # the execution watch starts it later
                run(self.engine, instance, trigger.variables)
        return instance

    def _begun(self, start: StartSubscription, trigger: Trigger) -> Instance | None:
        identity = started_instance_id(trigger.id, start.definition_id, start.element_id)
        source = self._waiting(start, trigger)
        if source is None or self._is_taken(start, trigger) or self._exists(identity):
            return None
        at = self.clock.now()
        instance = new_instance(trigger.cause, _asked(source, start, trigger), source, identity, at=at)
        _, happenings = lifecycle.created(instance, input_variables=trigger.variables)
        return self._entered(instance, (*happenings, self._told(source, start, trigger, at=at)), trigger)

    def _waiting(self, start: StartSubscription, trigger: Trigger) -> Definition | None:
        """The definition, if what it serves now has the start event."""
        try:
            source = self.definitions.load(start.definition_id)
        except NotFound:
            return None
        return source if trigger.at(start) in source.starts else None

    def _is_taken(self, start: StartSubscription, trigger: Trigger) -> bool:
        """Tell whether the definition has the message, or an active instance that such a message began."""
        if trigger.message is not None:
            now = self.messages.load(trigger.message)
            if now is None or start.definition_id in now.correlated:
                return True
        return self._is_locked(start, trigger)

    def holds_back(self, trigger: Trigger) -> bool:
        """Tell whether an instance that an earlier message began keeps this one from starting another."""
        return any(self._is_locked(start, trigger) for start in self.starts.of(_channel(trigger)))

    def _is_locked(self, start: StartSubscription, trigger: Trigger) -> bool:
        key = trigger.correlation_key
        return key is not None and self.starts.is_locked(start.definition_id, key)

    def _exists(self, identity: InstanceId) -> bool:
        return bool(self.instances.load_many([identity]))

    def _told(self, source: Definition, start: StartSubscription, trigger: Trigger, *, at: datetime) -> Happening:
        version = source.publication.version if source.publication else source.version
        element = self.definitions.load_catalogue(source.id, version).elements.get(start.element_id)
        return Happening(
            type=_EVENTS[trigger.kind],
            at=at,
            data={"element_name": element.name if element else None, **trigger.told},
            element_id=start.element_id,
            element_type=element.type if element else None,
        )

    def _entered(self, new: Instance, before: tuple[Happening, ...], trigger: Trigger) -> Instance:
        at, actor = self.clock.now(), trigger.cause.subject

        def run_in(slots: tuple[Slot, ...]) -> Instance:
            return self._committed(lifecycle.started(new, slots=slots, actor=actor, at=at), before, trigger)

        def wait() -> Instance:
            return self._committed(lifecycle.queued(new, actor=actor, at=at, reason=NO_SLOT), before, trigger)

        return self.door.enter(new, run=run_in, wait=wait)

    def _committed(self, entered: lifecycle.Transition, before: tuple[Happening, ...], trigger: Trigger) -> Instance:
        after, happenings = entered
        transition = instance_transition(
            None,
            after,
            (*before, *happenings),
            ids=self.ids,
            input_variables=trigger.variables,
            taken=trigger.message,
        )
        self.instances.commit(transition)
        return transition.after


def _asked(source: Definition, start: StartSubscription, trigger: Trigger) -> NewInstance:
    context: dict[str, Any] = {} if trigger.project_id is None else {"project_id": trigger.project_id}
    return NewInstance(
        definition_id=source.id,
        input_variables=trigger.variables,
        business_key=trigger.business_key,
        context=context,
        configuration=Configuration(auto_start=True),
        origin=Origin(element_id=start.element_id, kind=trigger.kind, correlation_key=trigger.correlation_key),
    )


def _channel(trigger: Trigger) -> Channel:
    return Channel(kind=SubscriptionKind(trigger.kind), name=trigger.name or "")


def project_of_started(caller: Caller, project_id: str | None) -> str | None:
    """The project of instances that a caller's event starts: as named, else the only one that it is confined to."""
    if project_id is not None or caller.project_ids is None:
        return project_id
    return next(iter(caller.project_ids)) if len(caller.project_ids) == 1 else None
