"""Where publications meet waits: each wait ends by one event, each message goes to one wait per definition."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
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
from orchestrator.domain.task import UNANSWERED, Task
from orchestrator.ports.definitions import DefinitionStore
from orchestrator.ports.engine import WorkflowEngine
from orchestrator.ports.environment import Clock, Ids, Pause
from orchestrator.ports.instances import InstanceStore
from orchestrator.ports.messaging import Messages, Subscriptions
from orchestrator.ports.tasks import TaskStore, TaskUnit
from orchestrator.ports.transitions import ScopeEnd, ScopeMark, TaskTransition
from orchestrator.services.publications.following_watches import Following, FollowingWatches
from orchestrator.services.tokens.answers import answer
from orchestrator.services.tokens.scope_endings import ScopeEndings, ScopePath
from orchestrator.services.tokens.withdrawal import accounted, portions
from orchestrator.services.unit_of_work import decided, instance_transition


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """What happened that waits may wait for: its kind and payload, what is told of it, the message it comes from."""

    kind: SubscriptionKind
    variables: JsonObject
    told: JsonObject
    message: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """What an event ends: its wait, with what is told of that; where it ends a scope, what is open inside.

    `following`: it may happen once more, and is waited for.
    """

    instance: Instance
    wait: TaskTransition
    closed: tuple[Happening, ...] = ()
    inside: tuple[TaskTransition, ...] = ()
    mark: ScopeMark | None = None
    unended: ScopeEnd | None = None
    following: Following | None = None


_EVENTS = {
    SubscriptionKind.MESSAGE: EventType.MESSAGE_RECEIVED,
    SubscriptionKind.SIGNAL: EventType.SIGNAL_RECEIVED,
    SubscriptionKind.CONDITIONAL: EventType.CONDITION_MET,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """Ends waits; one transaction decides, so of two events that meet a wait one wins and the other looks on."""

    instances: InstanceStore
    tasks: TaskStore
    definitions: DefinitionStore
    messages: Messages
    subscriptions: Subscriptions
    endings: ScopeEndings
    engine: WorkflowEngine
    clock: Clock
    ids: Ids
    pause: Pause

    def look(self, instance_id: InstanceId, wait_id: TaskId) -> None:
        """A token waits: is there a buffered message for it?"""
        unit = self.tasks.load_unit(instance_id, wait_id)
        wait = unit.task
        if wait is None or wait.status not in UNANSWERED:
            return
        for message, subscription in self._buffered(unit, wait):
            if self.fire(subscriber_of(unit.instance, wait, subscription), received(message)):
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
        firing = decided(lambda: self._fired(subscriber, occurrence), self.pause)
        if firing is None:
            return False
        wait = firing.wait
        if firing.mark is not None:
            path = _path(wait.after)
            decided(lambda: self.endings.clear(path, by=wait.after.element_id, reason=str(occurrence.kind)), self.pause)
        if firing.following is not None:
            self.watches.start(firing.instance, firing.following)
        answer(self.engine, wait.after, token=wait.token, result=wait.result_data)
        return True

    @property
    def watches(self) -> FollowingWatches:
        """What waits for the next time."""
        return FollowingWatches(threads=self.endings.threads, engine=self.engine)

    def _fired(self, subscriber: Subscriber, occurrence: Occurrence) -> Firing | None:
        """What was ended; None: the wait is over, or its definition has the message."""
        unit = self._open(subscriber)
        if unit is None or unit.task is None or self._is_taken(occurrence.message, subscriber):
            return None
        at, ended = self.clock.now(), self._interrupted_by(unit.instance, subscriber.element_id)
        if ended is not None and subscriber.element_id == unit.task.element_id:
            firing = self._scope_ended(unit, unit.task, ended, occurrence, at=at)
        else:
            firing = _wait_ended(unit, unit.task, subscriber.element_id, ended, occurrence, at=at)
            firing = replace(firing, following=self.watches.after(unit.task, at=at))
        if firing is None:
            return None
        self._commit(firing, self._told(firing.instance, subscriber.element_id, occurrence, at=at), occurrence, at=at)
        return firing

    def _commit(self, firing: Firing, told: Happening, occurrence: Occurrence, *, at: datetime) -> None:
        following = firing.following
        changes = (firing.wait, *firing.inside, *(() if following is None else (following.wait,)))
        transition = instance_transition(
            firing.instance,
            accounted(firing.instance, changes, at=at),
            (told, *firing.closed),
            ids=self.ids,
            tasks=changes,
            taken=occurrence.message,
            mark=firing.mark,
            unended=firing.unended,
            threads=None if following is None else following.writes,
        )
        self.instances.commit(transition)

    def _scope_ended(
        self, unit: TaskUnit, wait: Task, host: str, occurrence: Occurrence, *, at: datetime
    ) -> Firing | None:
        """A watcher's event ends the scope beside which it waits, unless that was done before.

        What is open inside is withdrawn in the same transaction, as far as one takes it; the rest follows.
        """
        completed = _end(wait, host)
        if self.instances.ended_at(completed) is not None:
            return None
        found = self.endings.inside(_path(wait))
        before = next((task for task in found.entries if task.id == wait.id), None)
        if before is None:
            return None
        others = sorted((task for task in found.entries if task.id != wait.id), key=lambda task: task.is_work)
        by, reason = wait.element_id, str(occurrence.kind)
        inside, told = list[TaskTransition](), list[Happening]()
        for task in next(portions([before, *others]))[1:]:
            after, happenings = task_lifecycle.interrupted(task, handler_id=by, reason=reason, at=at)
            inside.append(TaskTransition(before=task, after=after, is_answered=True))
            told += happenings if after.is_work else ()
        return Firing(
            instance=found.instance,
            wait=_change(unit, before, task_lifecycle.fired(before, by, at=at), occurrence),
            closed=tuple(told),
            inside=tuple(inside),
            mark=ScopeMark(end=_end(wait, by), at=at),
            unended=completed,
        )

    def _interrupted_by(self, instance: Instance, element_id: str) -> str | None:
        """The activity or scope that a boundary event or the start of an event sub-process ends."""
        catalogue = self.definitions.load_catalogue(instance.definition_id, instance.definition_version)
        element = catalogue.elements.get(element_id)
        return None if element is None else element.interrupts

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
        waits = unit.task is not None and unit.task.status in UNANSWERED and unit.instance.status in LIVE
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


def met(subscription: Subscription, variables: JsonObject) -> Occurrence:
    """A condition that is true: the token goes on with the variables that made it so."""
    told: dict[str, Any] = {"condition": subscription.condition}
    return Occurrence(kind=SubscriptionKind.CONDITIONAL, variables=variables, told=told)


def _wait_ended(
    unit: TaskUnit, before: Task, event_id: str, ended: str | None, occurrence: Occurrence, *, at: datetime
) -> Firing:
    """The event for which the token waits, or a boundary event that interrupts the activity."""
    if ended == before.element_id:
        after, closed = task_lifecycle.taken_over(before, event_id, reason=str(occurrence.kind), at=at)
    else:
        after, closed = task_lifecycle.fired(before, event_id, at=at), ()
    return Firing(instance=unit.instance, wait=_change(unit, before, after, occurrence), closed=closed)


def _change(unit: TaskUnit, before: Task, after: Task, occurrence: Occurrence) -> TaskTransition:
    return TaskTransition(before=before, after=after, token=unit.token, result_data=occurrence.variables)


def _path(wait: Task) -> ScopePath:
    return ScopePath(instance_id=wait.instance_id, thread=wait.entry.thread, scope=wait.entry.scope)


def _end(wait: Task, element_id: str) -> ScopeEnd:
    entry = wait.entry
    return ScopeEnd(instance_id=wait.instance_id, thread=entry.thread, scope=entry.scope, element_id=element_id)


def subscriber_of(instance: Instance, wait: Task, subscription: Subscription) -> Subscriber:
    """A wait as its subscriptions show it."""
    return Subscriber(
        instance_id=wait.instance_id,
        task_id=wait.id,
        element_id=subscription.element_id,
        definition_id=wait.definition_id,
        created_at=wait.created_at,
        project_id=instance.project_id,
    )
