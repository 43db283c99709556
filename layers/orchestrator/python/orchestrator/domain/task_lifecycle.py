"""Transitions of tasks: each returns the task as it is then, and what happened."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from orchestrator.domain import notification
from orchestrator.domain.assignment import AgentType, Assignee, Assignment, AssignmentMethod
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.errors import Conflict
from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.task import LIFECYCLE, LOG_LINES_KEPT, Incident, LogLevel, LogLine, Task, TaskStatus

Transition = tuple[Task, tuple[Happening, ...]]
S = TaskStatus


def moved(task: Task, status: TaskStatus, *, at: datetime) -> Task:
    """The task in another status.

    Raises:
        Conflict: the lifecycle does not allow it.
    """
    if status not in LIFECYCLE[task.status]:
        raise Conflict(f"Task is already {task.status}", current_status=task.status, task_id=task.id)
    return replace(task, status=status, updated_at=at, lock=None)


def logged(task: Task, message: str, *, at: datetime, level: LogLevel = LogLevel.INFO, **details: Any) -> Task:
    """The task with one more line in its execution log, of which the latest are kept."""
    line = LogLine(timestamp=at, level=level, message=message, details=details)
    return replace(task, log=(*task.log, line)[-LOG_LINES_KEPT:])


def happened(task: Task, kind: EventType, *, at: datetime, actor: str | None = None, **data: Any) -> Happening:
    """An event about a task; each says of which kind the work is and whose, since statistics count by that."""
    assignee = task.assignment.assigned_to if task.assignment else None
    work = {"task_name": task.name, "task_type": task.type, "priority": task.priority}
    performer = {"assigned_to": assignee.key, "agent_type": assignee.agent_type} if assignee else {}
    return Happening(
        type=kind,
        at=at,
        data={**work, **performer, **data},
        task_id=task.id,
        element_id=task.element_id,
        element_type=task.element_type,
        actor=actor,
    )


def created(task: Task, *, execution: str) -> Transition:
    """A new task, assigned already when its performer is known."""
    at = task.created_at
    after = logged(task, "Task created", at=at, execution=execution)
    happenings = (happened(replace(after, assignment=None), EventType.TASK_CREATED, at=at),)
    if task.held:
        return logged(after, "Task held: the workflow instance is paused", at=at), happenings
    if task.assignment is None:
        return after, happenings
    return _assigned(after, task.assignment, happenings)


def assigned(task: Task, assignment: Assignment) -> Transition:
    """A task of nobody gets a performer.

    Raises:
        Conflict: it is closed.
    """
    return _assigned(task, assignment, ())


def _assigned(task: Task, assignment: Assignment, happenings: tuple[Happening, ...]) -> Transition:
    at = assignment.assigned_at
    after = replace(moved(task, S.ASSIGNED, at=at), assignment=assignment)
    who, how = assignment.assigned_to.key, assignment.assignment_method
    after = logged(after, "Task assigned", at=at, assigned_to=who, assignment_method=how)
    told = notification.of_assignment(assignment)
    event = happened(after, EventType.TASK_ASSIGNED, at=at, assignment_method=how, **told)
    return after, (*happenings, event)


def released(task: Task, *, at: datetime) -> Transition:
    """A held task is handed out: to the performer that it was made for, or to whoever takes it."""
    after = logged(replace(task, held=False, updated_at=at), "Task released", at=at)
    if after.assignment is None:
        return after, ()
    return _assigned(after, replace(after.assignment, assigned_at=at), ())


def require_released(task: Task) -> None:
    """Refuse work on a held task.

    Raises:
        Conflict: its instance is paused.
    """
    if task.held and task.is_open:
        raise Conflict("Task is held: its workflow instance is paused", current_status=task.status, task_id=task.id)


def started(task: Task, *, actor: str, at: datetime) -> Transition:
    """Work begins; a task without assignee becomes the starter's.

    Raises:
        Conflict: it is running or closed already.
    """
    if task.status is S.FAILED:  # left by a retry only
        raise Conflict("Task is failed", current_status=task.status, task_id=task.id)
    require_released(task)
    before, happenings = task, tuple[Happening, ...]()
    if task.assignment is None and task.status is S.PENDING:
        taker = Assignee(agent_type=AgentType.HUMAN, agent_id=actor)
        assignment = Assignment(assigned_to=taker, assignment_method=AssignmentMethod.SELF, assigned_at=at)
        before, happenings = _assigned(task, assignment, ())
    after = logged(replace(moved(before, S.RUNNING, at=at), started_at=at), "Task execution started", at=at, by=actor)
    waited = round((at - task.created_at).total_seconds(), 3) if task.attempt == 1 else None
    event = happened(
        after, EventType.TASK_STARTED, at=at, actor=actor, attempt=task.attempt, **_known(waiting_time=waited)
    )
    return after, (*happenings, event)


def _known(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def completed(
    task: Task, *, actor: str, at: datetime, notes: str | None, data: JsonObject, details: JsonObject | None = None
) -> Transition:
    """Work is done; `data` goes into the event (result summary, requested actions), `details` into the log.

    Raises:
        Conflict: it is closed already.
    """
    if task.status is S.FAILED:
        raise Conflict("Task is failed", current_status=task.status, task_id=task.id)
    require_released(task)
    after = replace(moved(task, S.COMPLETED, at=at), completed_at=at, completion_notes=notes)
    after = logged(after, "Task completed", at=at, by=actor, **(details or {}))
    event = happened(
        after,
        EventType.TASK_COMPLETED,
        at=at,
        actor=actor,
        execution_time=after.execution_seconds,
        completion_notes=notes,
        **data,
    )
    return after, (event,)


def passed(task: Task, *, at: datetime) -> Task:
    """A wait of the machine that is over.

    Raises:
        Conflict: it is over already.
    """
    return replace(moved(task, S.COMPLETED, at=at), completed_at=at)


def fired(wait: Task, event_id: str, *, at: datetime) -> Task:
    """A wait that is over because one of its events happened; the other subscriptions end with it.

    Raises:
        Conflict: it is over already.
    """
    return replace(passed(wait, at=at), fired_by=event_id)


def taken_over(task: Task, event_id: str, *, reason: str, at: datetime) -> Transition:
    """A boundary event happened that interrupts: the task is over, its token goes on at the event.

    Raises:
        Conflict: it is closed already.
    """
    after, happenings = cancelled(task, reason=reason, at=at)
    return replace(after, caught_by=event_id, fired_by=event_id), happenings if after.is_work else ()


def cancelled(task: Task, *, reason: str, at: datetime, actor: str | None = None) -> Transition:
    """Nobody need do it any more.

    Raises:
        Conflict: it is closed already.
    """
    after = logged(replace(moved(task, S.CANCELLED, at=at), completed_at=at), "Task cancelled", at=at, reason=reason)
    return after, (happened(after, EventType.TASK_CANCELLED, at=at, actor=actor, reason=reason),)


def interrupted(task: Task, *, handler_id: str, reason: str, at: datetime) -> Transition:
    """A boundary event or event sub-process took over.

    Raises:
        Conflict: it is closed already.
    """
    after, happenings = cancelled(task, reason=reason, at=at)
    return replace(after, interrupted_by=handler_id), happenings


def raised(task: Task, incident: Incident, *, at: datetime) -> Transition:
    """It cannot go on without help: failed, waiting for a retry.

    Raises:
        Conflict: it is closed already.
    """
    after = replace(moved(task, S.FAILED, at=at), incident=incident)
    after = logged(after, incident.message, at=at, level=LogLevel.ERROR, code=incident.code)
    event = happened(after, EventType.TASK_FAILED, at=at, error_code=incident.code, message=incident.message)
    return after, (event,)
