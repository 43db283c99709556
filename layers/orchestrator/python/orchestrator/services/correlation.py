"""Where publications meet waits: each wait ends by one event, each message goes to one wait per definition."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orchestrator.domain import task_lifecycle
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.errors import NotFound
from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.ids import InstanceId, TaskId
from orchestrator.domain.instance import LIVE, Instance
from orchestrator.domain.message import Message
from orchestrator.domain.subscription import Subscriber, Subscription, SubscriptionKind, channels
from orchestrator.domain.task import OPEN, Task
from orchestrator.messaging_ports import Messages, Subscriptions
from orchestrator.ports import (
    Clock,
    DefinitionStore,
    Ids,
    InstanceStore,
    Pause,
    TaskStore,
    TaskTransition,
    TaskUnit,
    WorkflowEngine,
)
from orchestrator.services.answers import answer
from orchestrator.services.unit_of_work import decided, instance_transition
from orchestrator.services.withdrawal import accounted


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """What happened that waits may wait for: its kind and payload, what is told of it, the message it comes from."""

    kind: SubscriptionKind
    variables: JsonObject
    told: JsonObject
    message: Message | None = None


_EVENTS = {
    SubscriptionKind.MESSAGE: EventType.MESSAGE_RECEIVED,
    SubscriptionKind.SIGNAL: EventType.SIGNAL_RECEIVED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """Ends waits; one transaction decides, so of two events that meet a wait one wins and the other looks on."""

    instances: InstanceStore
    tasks: TaskStore
    definitions: DefinitionStore
    messages: Messages
    subscriptions: Subscriptions
    engine: WorkflowEngine
    clock: Clock
    ids: Ids
    pause: Pause

    def look(self, instance_id: InstanceId, wait_id: TaskId) -> None:
        """A token waits: is there a buffered message for it?"""
        unit = self.tasks.load_unit(instance_id, wait_id)
        wait = unit.task
        if wait is None or wait.status not in OPEN:
            return
        for message, subscription in self._buffered(unit, wait):
            if self.fire(_subscriber(unit, wait, subscription), received(message)):
                return

    def _buffered(self, unit: TaskUnit, wait: Task) -> Iterator[tuple[Message, Subscription]]:
        now, instance = self.clock.now(), unit.instance
        for subscription in wait.subscriptions:
            if subscription.kind is not SubscriptionKind.MESSAGE:
                continue
            for channel in channels(subscription, business_key=instance.business_key):
                for message in self.messages.buffered(channel):
                    if message.may_go_to(instance.definition_id, instance.project_id, now=now):
                        yield message, subscription

    def fire(self, subscriber: Subscriber, occurrence: Occurrence) -> bool:
        """End a wait for what happened, and let its token go on; False: somebody or something else was faster.

        An instance that is paused takes it too: what follows in it is held.
        """
        unit = decided(lambda: self._fired(subscriber, occurrence), self.pause)
        if unit is None or unit.task is None:
            return False
        answer(self.engine, unit.task, token=unit.token, result=unit.result_data)
        return True

    def _fired(self, subscriber: Subscriber, occurrence: Occurrence) -> TaskUnit | None:
        """The unit as it is then; None: the wait is over, or its definition has the message."""
        unit = self._open(subscriber)
        if unit is None or unit.task is None or self._is_taken(occurrence.message, subscriber):
            return None
        before, at = unit.task, self.clock.now()
        after, closed = self._ended(unit.instance, before, subscriber.element_id, occurrence, at=at)
        change = TaskTransition(before=before, after=after, token=unit.token, result_data=occurrence.variables)
        told = self._told(unit.instance, subscriber.element_id, occurrence, at=at)
        transition = instance_transition(
            unit.instance,
            accounted(unit.instance, [change], at=at),
            (told, *closed),
            ids=self.ids,
            tasks=(change,),
            taken=occurrence.message,
        )
        self.instances.commit(transition)
        return TaskUnit(instance=transition.after, task=after, token=unit.token, result_data=occurrence.variables)

    def _ended(
        self, instance: Instance, before: Task, event_id: str, occurrence: Occurrence, *, at: datetime
    ) -> task_lifecycle.Transition:
        """The event for which the token waits, or a boundary event that interrupts the activity."""
        catalogue = self.definitions.load_catalogue(instance.definition_id, instance.definition_version)
        element = catalogue.elements.get(event_id)
        if element is not None and element.properties.get("attached_to") == before.element_id:
            return task_lifecycle.taken_over(before, event_id, reason=str(occurrence.kind), at=at)
        return task_lifecycle.fired(before, event_id, at=at), ()

    def _told(self, instance: Instance, element_id: str, occurrence: Occurrence, *, at: datetime) -> Happening:
        catalogue = self.definitions.load_catalogue(instance.definition_id, instance.definition_version)
        element = catalogue.elements.get(element_id)
        return Happening(
            type=_EVENTS[occurrence.kind],
            at=at,
            data={"element_name": element.name if element else None, **occurrence.told},
            element_id=element_id,
            element_type=element.type if element else None,
        )

    def _open(self, subscriber: Subscriber) -> TaskUnit | None:
        try:
            unit = self.tasks.load_unit(subscriber.instance_id, subscriber.task_id)
        except NotFound:
            return None
        waits = unit.task is not None and unit.task.status in OPEN and unit.instance.status in LIVE
        return unit if waits else None

    def _is_taken(self, message: Message | None, subscriber: Subscriber) -> bool:
        if message is None:
            return False
        now = self.messages.load(message)
        return now is None or subscriber.definition_id in now.correlated


def received(message: Message) -> Occurrence:
    """The arrival of a message."""
    told: dict[str, Any] = {
        "message_name": message.name,
        "correlation_key": message.correlation_key,
        "message_id": message.message_id,
    }
    return Occurrence(kind=SubscriptionKind.MESSAGE, variables=message.variables, told=told, message=message)


def broadcast(name: str, variables: JsonObject) -> Occurrence:
    """The arrival of a signal."""
    return Occurrence(kind=SubscriptionKind.SIGNAL, variables=variables, told={"signal_name": name})


def _subscriber(unit: TaskUnit, wait: Task, subscription: Subscription) -> Subscriber:
    return Subscriber(
        instance_id=wait.instance_id,
        task_id=wait.id,
        element_id=subscription.element_id,
        definition_id=wait.definition_id,
        created_at=wait.created_at,
        project_id=unit.instance.project_id,
    )
