"""Locks of claimed tasks: transitions, and who may end the work.

A worker whose lock has run out still has the task until another one claims it: what it has done counts.
"""

from dataclasses import replace
from datetime import datetime

from orchestrator.domain.errors import Conflict
from orchestrator.domain.task import Lock, LogLevel, Task, TaskStatus
from orchestrator.domain.task_lifecycle import Transition, logged, moved, started


def claimed(task: Task, lock: Lock, *, at: datetime) -> Transition:
    """A worker has the task now: work begins, or goes on where the lock of another one has run out.

    Raises:
        Conflict: it is not to be claimed (any more, or yet).
    """
    if task.work_due_at is None or task.work_due_at > at:
        raise Conflict(f"Task is already {task.status}", current_status=task.status, task_id=task.id)
    if task.lock is None:
        after, happenings = started(task, actor=lock.worker_id, at=at)
        return _locked(after, lock), happenings
    after = logged(
        replace(task, updated_at=at), "Lock ran out", at=at, level=LogLevel.WARNING, worker_id=task.lock.worker_id
    )
    return _locked(after, lock), ()


def extended(task: Task, lock: Lock, *, at: datetime) -> Task:
    """The worker has the task for longer.

    Raises:
        Conflict: it does not have it.
    """
    require_lock(task, lock.worker_id, has_one=True)
    return replace(task, lock=lock, updated_at=at)


def unlocked(task: Task, worker_id: str, *, at: datetime) -> Task:
    """The worker gives the task back: others may claim it.

    Raises:
        Conflict: it does not have it.
    """
    require_lock(task, worker_id, has_one=True)
    after = replace(moved(task, TaskStatus.ASSIGNED, at=at), started_at=None)
    return logged(after, "Task given back", at=at, worker_id=worker_id)


def require_lock(task: Task, worker_id: str | None, *, has_one: bool = False) -> None:
    """Refuse work of others on a task that a worker has claimed; `has_one`: and on one that nobody has.

    Raises:
        Conflict: another worker has the task (details: `locked_by`), or nobody has.
    """
    holder = task.lock.worker_id if task.lock else None
    if holder is None and not has_one and worker_id is None:
        return
    if holder != worker_id or holder is None:
        message = "Task is claimed by another worker" if holder else "Task is not claimed"
        raise Conflict(message, current_status=task.status, task_id=task.id, locked_by=holder)


def _locked(task: Task, lock: Lock) -> Task:
    after = replace(task, lock=lock)
    return logged(after, "Task claimed", at=task.updated_at, worker_id=lock.worker_id, until=lock.until.isoformat())
