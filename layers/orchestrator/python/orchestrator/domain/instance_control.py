"""Transitions of instances that people ask for: pause, resume, cancel, terminate, another priority."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from orchestrator.domain.errors import Conflict
from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.instance import Cancellation, Instance, InstanceStatus
from orchestrator.domain.instance_lifecycle import Transition, moved, queued
from orchestrator.domain.priority import Priority

S = InstanceStatus
_ENDS = {S.CANCELLED: EventType.WORKFLOW_CANCELLED, S.TERMINATED: EventType.WORKFLOW_TERMINATED}


def paused(instance: Instance, *, reason: str | None, actor: str, at: datetime) -> Transition:
    """Nothing new is handed out; work in hand may be done. A queued instance leaves the queue.

    Raises:
        Conflict: it is neither running nor queued.
    """
    after = replace(_from(instance, S.PAUSED, {S.RUNNING, S.QUEUED}, at=at), paused_at=at)
    return after, (_happening(EventType.WORKFLOW_PAUSED, instance, reason=reason, actor=actor, at=at),)


def resumed(instance: Instance, *, reason: str | None, actor: str, at: datetime) -> Transition:
    """Work is handed out again. An instance that had not begun is queued again, as old as it was.

    Raises:
        Conflict: it is not paused.
    """
    told = _happening(EventType.WORKFLOW_RESUMED, instance, reason=reason, actor=actor, at=at)
    if instance.status is S.PAUSED and not instance.has_begun:
        after, happenings = queued(instance, actor=actor, at=at, reason="resumed")
        return replace(after, paused_at=None), (told, *happenings)
    return replace(_from(instance, S.RUNNING, {S.PAUSED}, at=at), paused_at=None), (told,)


def prioritised(instance: Instance, priority: Priority, *, reason: str | None, actor: str, at: datetime) -> Transition:
    """Another priority: of its place in the queue, and of the tasks that appear from now on. No change, no event.

    Raises:
        Conflict: it has ended.
    """
    if instance.is_final:
        raise _conflict(instance, already=True)
    if priority is instance.priority:
        return instance, ()
    data = {"previous_priority": instance.priority, "priority": priority, "reason": reason}
    told = Happening(type=EventType.WORKFLOW_PRIORITY_CHANGED, at=at, data=data, actor=actor)
    return replace(instance, priority=priority, updated_at=at), (told,)


def cancelling(instance: Instance, cancellation: Cancellation, *, handlers: int) -> Transition:
    """Somebody wants it cancelled, and `handlers` undo first what was completed; what is open is withdrawn at once.

    Raises:
        Conflict: it has ended, or is being cancelled already.
    """
    if instance.is_final:
        raise _conflict(instance, already=True)
    if instance.cancellation is not None:
        raise being_cancelled(instance)
    at = cancellation.at
    going_on = instance if instance.status is S.RUNNING else moved(instance, S.RUNNING, at=at)
    after = replace(going_on, cancellation=cancellation, failure=None, paused_at=None, updated_at=at)
    data = {"instance_name": instance.name, "reason": cancellation.reason, "handlers": handlers}
    return after, (Happening(type=EventType.WORKFLOW_CANCELLING, at=at, data=data, actor=cancellation.by),)


def being_cancelled(instance: Instance) -> Conflict:
    """The answer to who cancels again what is compensated already."""
    message = "Workflow instance is being cancelled: what it has completed is compensated"
    return Conflict(message, current_status=instance.status, instance_id=instance.id)


def ended(instance: Instance, end: InstanceStatus, *, reason: str | None, actor: str, at: datetime) -> Transition:
    """Cancelled or terminated, for good; what is open is withdrawn afterwards.

    Raises:
        Conflict: it has ended already.
    """
    if instance.is_final:
        raise _conflict(instance, already=True)
    after = replace(moved(instance, end, at=at), completed_at=at, paused_at=None)
    return after, (_happening(_ENDS[end], instance, reason=reason, actor=actor, at=at),)


def _from(instance: Instance, status: InstanceStatus, sources: Collection[InstanceStatus], *, at: datetime) -> Instance:
    if instance.status not in sources:
        raise _conflict(instance, already=instance.status is status or instance.is_final)
    return moved(instance, status, at=at)


def _conflict(instance: Instance, *, already: bool) -> Conflict:
    return Conflict(
        f"Workflow instance is{' already' if already else ''} {instance.status}",
        current_status=instance.status,
        instance_id=instance.id,
    )


def _happening(kind: EventType, instance: Instance, *, reason: str | None, actor: str, at: datetime) -> Happening:
    return Happening(type=kind, at=at, data={"instance_name": instance.name, "reason": reason}, actor=actor)
