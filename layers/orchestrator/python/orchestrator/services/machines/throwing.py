"""What a machine throws: messages and signals, each entry once (docs/design-notes.md, section 9)."""

from dataclasses import dataclass
from typing import Any

from orchestrator.domain.caller import Caller
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.events import EventType
from orchestrator.domain.instance import Instance
from orchestrator.domain.message import Message
from orchestrator.domain.subscription import SubscriptionKind
from orchestrator.ports.transitions import Throw
from orchestrator.services.machines.dispatch import Call, TaskDispatcher
from orchestrator.services.publications.messages import MessageService, NewMessage
from orchestrator.services.publications.signals import NewSignal, SignalService
from orchestrator.services.unit_of_work import decided, instance_transition

_EVENTS = {SubscriptionKind.MESSAGE: EventType.MESSAGE_SENT, SubscriptionKind.SIGNAL: EventType.SIGNAL_SENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Thrown:
    """One entry of a throwing element, and what it throws; names, key and payload are evaluated."""

    element_id: str
    occurrence: int
    kind: SubscriptionKind
    name: str
    correlation_key: str | None = None
    variables: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Thrower:
    """Throws: the entry is noted, told and its message written in one transaction; delivery follows."""

    dispatcher: TaskDispatcher
    messages: MessageService
    signals: SignalService

    def throw(self, call: Call, thrown: Thrown) -> None:
        """Throw, unless a former run of the machine did. A repeated call of this run finishes what was cut off."""
        instance = decided(lambda: self._noted(call, thrown), self.dispatcher.pause)
        if instance is None:
            return
        if thrown.kind is SubscriptionKind.SIGNAL:
            self.signals.publish(_sender(instance), self._signal(call, thrown, instance))
        else:
            self.messages.deliver(self.messages.written(self._message(call, thrown, instance)))

    def _noted(self, call: Call, thrown: Thrown) -> Instance | None:
        """The instance that throws; None: there is nothing to throw."""
        runtime = self.dispatcher
        before = runtime.instances.load(call.instance_id)
        key = call.key(thrown.element_id, thrown.occurrence)
        execution = runtime.instances.thrown(call.instance_id, key)
        if execution is not None:
            return before if execution == call.execution else None
        if before.is_over_for(call.thread):
            return None
        reported, trail = runtime.with_trail(call, before)
        told = runtime.happening(reported, _EVENTS[thrown.kind], thrown.element_id, self._told(reported, thrown))
        message = None
        if thrown.kind is SubscriptionKind.MESSAGE:
            message = self._message(call, thrown, reported)
        transition = instance_transition(
            reported,
            reported,
            (*trail, told),
            ids=runtime.ids,
            thrown=Throw(key=key, execution=call.execution, message=message),
        )
        runtime.instances.commit(transition)
        return transition.after

    def _told(self, instance: Instance, thrown: Thrown) -> JsonObject:
        element: dict[str, Any] = {"element_name": self.dispatcher.element(instance, thrown.element_id).name}
        if thrown.kind is SubscriptionKind.SIGNAL:
            return {**element, "signal_name": thrown.name}
        return {**element, "message_name": thrown.name, "correlation_key": thrown.correlation_key}

    def _signal(self, call: Call, thrown: Thrown, instance: Instance) -> NewSignal:
        return NewSignal(
            name=thrown.name,
            variables=thrown.variables,
            id=call.key(thrown.element_id, thrown.occurrence),
            project_id=instance.project_id,
        )

    def _message(self, call: Call, thrown: Thrown, instance: Instance) -> Message:
        new = NewMessage(
            name=thrown.name,
            correlation_key=thrown.correlation_key,
            variables=thrown.variables,
            message_id=call.key(thrown.element_id, thrown.occurrence),
            project_id=instance.project_id,
            sent_by=instance.id,
        )
        return self.messages.message(_sender(instance), new)


def _sender(instance: Instance) -> Caller:
    """An instance of a project reaches its project only."""
    projects = None if instance.project_id is None else frozenset({instance.project_id})
    return Caller(subject=instance.created_by, project_ids=projects, correlation_id=instance.correlation_id)
