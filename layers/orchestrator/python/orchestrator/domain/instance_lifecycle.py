"""Transitions of instances: each returns the instance as it is then, and what happened."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from orchestrator.domain.admission import Slot
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.errors import Conflict
from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.instance import LIFECYCLE, Failure, Instance, InstanceStatus, Progress, Queueing
from orchestrator.domain.notification import NotificationType, of_instance
from orchestrator.domain.priority import Priority
from orchestrator.domain.task import Task, TaskStatus

Transition = tuple[Instance, tuple[Happening, ...]]
S = InstanceStatus


def moved(instance: Instance, status: InstanceStatus, *, at: datetime) -> Instance:
    """The instance in another status; at its end it gives its slots back.

    Raises:
        Conflict: the lifecycle does not allow it.
    """
    if status not in LIFECYCLE[instance.status]:
        already = " already" if status is instance.status or instance.is_final else ""
        raise Conflict(
            f"Workflow instance is{already} {instance.status}",
            current_status=instance.status,
            instance_id=instance.id,
        )
    slots = instance.slots if LIFECYCLE[status] else ()
    return replace(instance, status=status, slots=slots, updated_at=at)


def created(instance: Instance, *, input_variables: JsonObject) -> Transition:
    """A new instance."""
    data = {
        "instance_name": instance.name,
        "definition_version": str(instance.definition_version),
        "priority": instance.priority,
        "business_key": instance.business_key,
        "input_variables": sorted(input_variables),
    }
    return instance, (
        Happening(type=EventType.WORKFLOW_CREATED, at=instance.created_at, data=data, actor=instance.created_by),
    )


def queued(instance: Instance, *, actor: str, at: datetime, reason: str) -> Transition:
    """It is started as soon as a slot is free; an instance that waited before keeps its age.

    Raises:
        Conflict: it was started before.
    """
    _require_unbegun(instance)
    queueing = instance.queueing or Queueing(at=at, by=actor)
    after = replace(moved(instance, S.QUEUED, at=at), queueing=queueing)
    data = {"instance_name": instance.name, "priority": instance.priority, "reason": reason}
    return after, (Happening(type=EventType.WORKFLOW_QUEUED, at=at, data=data, actor=actor),)


def _require_unbegun(instance: Instance) -> None:
    if instance.has_begun or instance.status not in {S.CREATED, S.QUEUED, S.PAUSED}:
        raise Conflict(
            f"Workflow instance is already {instance.status}",
            current_status=instance.status,
            instance_id=instance.id,
        )


def started(instance: Instance, *, slots: tuple[Slot, ...] = (), actor: str, at: datetime) -> Transition:
    """The machine is about to run, in these slots.

    Raises:
        Conflict: it was started before.
    """
    if instance.status not in {S.CREATED, S.QUEUED}:
        raise Conflict(
            f"Workflow instance is already {instance.status}",
            current_status=instance.status,
            instance_id=instance.id,
        )
    after = replace(moved(instance, S.RUNNING, at=at), slots=slots, started_at=at, runs=1)
    data: dict[str, Any] = {
        "instance_name": instance.name,
        "started_by": actor,
        "priority": instance.priority,
        "estimated_completion": None,
    }
    if instance.queueing is not None:
        data["waiting_time"] = round((at - instance.queueing.at).total_seconds(), 3)
    return after, (Happening(type=EventType.WORKFLOW_STARTED, at=at, data=data, actor=actor),)


def with_priority(instance: Instance, priority: Priority | None) -> Instance:
    """The instance with another priority, where one is given."""
    return instance if priority is None else replace(instance, priority=priority)


def accounted(instance: Instance, tasks: Sequence[tuple[Task | None, Task]], *, at: datetime) -> Instance:
    """The instance with its progress brought up to date by tasks, each given as (before, after)."""
    progress = instance.progress
    for before, after in tasks:
        if after.is_work:
            progress = _counted(progress, before, after)
    return replace(instance, progress=progress, updated_at=at)


def _counted(progress: Progress, before: Task | None, after: Task) -> Progress:
    def change(status: TaskStatus) -> int:
        return (after.status is status) - (before is not None and before.status is status)

    finished = change(TaskStatus.COMPLETED) == 1
    busy = (after.execution_seconds or 0.0) if finished else 0.0
    return Progress(
        planned=progress.planned,
        created=progress.created + (before is None),
        running=progress.running + change(TaskStatus.RUNNING),
        completed=progress.completed + change(TaskStatus.COMPLETED),
        failed=progress.failed + change(TaskStatus.FAILED),
        cancelled=progress.cancelled + change(TaskStatus.CANCELLED),
        busy_ms=progress.busy_ms + round(busy * 1000),
    )


def completed(instance: Instance, *, output: JsonObject, at: datetime) -> Transition:
    """All tokens have ended. The plan becomes what really was.

    Raises:
        Conflict: the lifecycle does not allow it.
    """
    progress = replace(instance.progress, planned=instance.progress.created)
    after = replace(moved(instance, S.COMPLETED, at=at), completed_at=at, progress=progress)
    data = {
        "instance_name": instance.name,
        "execution_time": after.execution_seconds(at),
        "completed_tasks": progress.completed,
        "output_variables": sorted(output),
        **of_instance(instance.notifications, NotificationType.WORKFLOW_COMPLETED),
    }
    return after, (Happening(type=EventType.WORKFLOW_COMPLETED, at=at, data=data),)


def failed(instance: Instance, failure: Failure, *, at: datetime) -> Transition:
    """The instance cannot go on by itself. An instance that had failed keeps its first failure.

    Raises:
        Conflict: the lifecycle does not allow it.
    """
    if instance.status is S.FAILED:
        return replace(instance, updated_at=at), ()
    after = replace(moved(instance, S.FAILED, at=at), failure=failure)
    if not failure.retry_possible:
        after = replace(after, completed_at=at, slots=())
    data = _failure_data(failure) | of_instance(instance.notifications, NotificationType.WORKFLOW_FAILED)
    event = Happening(type=EventType.WORKFLOW_FAILED, at=at, data=data, element_id=failure.element_id)
    return after, (event,)


def _failure_data(failure: Failure) -> dict[str, Any]:
    return {
        "failure_reason": failure.reason,
        "failed_task_id": failure.failed_task_id,
        "failed_task_name": failure.failed_task_name,
        "error_details": {"error_code": failure.error_code, "message": failure.reason},
        "retry_possible": failure.retry_possible,
        "suggested_actions": ["Retry the failed task"] if failure.retry_possible else [],
    }


def revived(instance: Instance, *, at: datetime) -> Instance:
    """The instance running (or paused) again after the task that had failed it was retried or interrupted."""
    if instance.status is not S.FAILED:
        return instance
    return replace(moved(instance, S.PAUSED if instance.paused_at else S.RUNNING, at=at), failure=None)


def rebuilt(instance: Instance, *, cause: str, by_itself: bool, at: datetime) -> Transition:
    """A new run of the machine follows a lost one; `by_itself`: the execution failed, it was not lost from outside.

    `rebuilds` counts failed runs without progress between them.
    """
    progressed = instance.sequence > instance.rebuilt_at_sequence
    rebuilds = (0 if progressed else instance.rebuilds) + by_itself
    after = replace(
        instance,
        runs=instance.runs + 1,
        rebuilds=rebuilds,
        rebuilt_at_sequence=instance.sequence + 1,
        updated_at=at,
    )
    data = {"run": after.runs, "cause": cause}
    return after, (Happening(type=EventType.WORKFLOW_REBUILT, at=at, data=data),)
