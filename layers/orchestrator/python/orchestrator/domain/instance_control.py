"""Transitions of instances that people ask for: pause, resume, cancel, terminate."""

from dataclasses import replace
from datetime import datetime

from orchestrator.domain.errors import Conflict
from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.instance import Instance, InstanceStatus
from orchestrator.domain.instance_lifecycle import Transition, moved

S = InstanceStatus
_ENDS = {S.CANCELLED: EventType.WORKFLOW_CANCELLED, S.TERMINATED: EventType.WORKFLOW_TERMINATED}


def paused(instance: Instance, *, reason: str | None, actor: str, at: datetime) -> Transition:
    """Nothing new is handed out; work in hand may be done.

    Raises:
        Conflict: it is not running.
    """
    after = replace(_from(instance, S.RUNNING, S.PAUSED, at=at), paused_at=at)
    return after, (_happening(EventType.WORKFLOW_PAUSED, instance, reason=reason, actor=actor, at=at),)


def resumed(instance: Instance, *, reason: str | None, actor: str, at: datetime) -> Transition:
    """Work is handed out again.

    Raises:
        Conflict: it is not paused.
    """
    after = replace(_from(instance, S.PAUSED, S.RUNNING, at=at), paused_at=None)
    return after, (_happening(EventType.WORKFLOW_RESUMED, instance, reason=reason, actor=actor, at=at),)


def ended(instance: Instance, end: InstanceStatus, *, reason: str | None, actor: str, at: datetime) -> Transition:
    """Cancelled or terminated, for good; what is open is withdrawn afterwards.

    Raises:
        Conflict: it has ended already.
    """
    if instance.is_final:
        raise _conflict(instance, already=True)
    after = replace(moved(instance, end, at=at), completed_at=at, paused_at=None)
    return after, (_happening(_ENDS[end], instance, reason=reason, actor=actor, at=at),)


def _from(instance: Instance, source: InstanceStatus, status: InstanceStatus, *, at: datetime) -> Instance:
    if instance.status is not source:
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
