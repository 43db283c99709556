"""Giving a task to another performer."""

from dataclasses import dataclass, replace
from datetime import datetime

from orchestrator.domain import notification
from orchestrator.domain.assignment import Assignee, Assignment, AssignmentMethod
from orchestrator.domain.errors import Conflict
from orchestrator.domain.events import EventType
from orchestrator.domain.priority import Priority
from orchestrator.domain.task import Task, TaskStatus
from orchestrator.domain.task_lifecycle import Transition, happened, logged, moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassignment:
    """Who takes over and why. `preserve_progress` keeps the time at which work began.

    `notify_previous` and `notify_new`: whether who had the task and who gets it are told.
    """

    assignee: Assignee
    reason: str | None = None
    priority: Priority | None = None
    preserve_progress: bool = True
    notify_previous: bool = True
    notify_new: bool = True
    method: AssignmentMethod = AssignmentMethod.MANUAL


def reassigned(task: Task, given: Reassignment, *, actor: str, at: datetime) -> Transition:
    """Another performer has the task, which waits for them; a held task stays held.

    Raises:
        Conflict: it is failed (retry it first) or closed.
    """
    if not task.is_open:
        already = "" if task.status is TaskStatus.FAILED else " already"
        raise Conflict(f"Task is{already} {task.status}", current_status=task.status, task_id=task.id)
    assignment = Assignment(assigned_to=given.assignee, assignment_method=given.method, assigned_at=at)
    status = TaskStatus.PENDING if task.held else TaskStatus.ASSIGNED
    after = replace(
        task if status is task.status else moved(task, status, at=at),
        updated_at=at,
        assignment=assignment,
        priority=given.priority or task.priority,
        started_at=task.started_at if given.preserve_progress else None,
        callback_token=None,
        callback_due_at=None,
    )
    previous = task.assignment.assigned_to if task.assignment else None
    after = logged(
        after, "Task reassigned", at=at, by=actor, previously=previous and previous.key,
        assigned_to=given.assignee.key, reason=given.reason,
    )  # fmt: skip
    told = notification.of_reassignment(
        previous, given.assignee, notify_previous=given.notify_previous, notify_new=given.notify_new
    )
    data = {"assignment_method": given.method, "reason": given.reason, **told}
    return after, (happened(after, EventType.TASK_REASSIGNED, at=at, actor=actor, **data),)
