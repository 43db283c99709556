"""Transitions of tasks that go wrong: attempts that fail, errors that the model catches, retries."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.errors import Conflict
from orchestrator.domain.events import EventType
from orchestrator.domain.instance import Failure
from orchestrator.domain.task import CALL_ACTIVITY, OPEN, Incident, LogLevel, Task, TaskStatus
from orchestrator.domain.task_lifecycle import Transition, happened, logged, moved, require_released

S = TaskStatus
#: code of a task that somebody cancelled
CANCELLED_CODE = "TASK_CANCELLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a performer says went wrong: a stable code, words, and details for the log."""

    code: str
    message: str
    details: JsonObject = field(default_factory=dict[str, Any])

    @property
    def incident(self) -> Incident:
        """What the task keeps of it."""
        return Incident(code=self.code, message=self.message)


def tried_again(task: Task, report: Report, *, actor: str, at: datetime, pause: timedelta = timedelta()) -> Transition:
    """The attempt failed and another one follows after the policy's pause; the task waits for its performer.

    `pause` is what the performer asks for: the longer of both counts.

    Raises:
        Conflict: it is failed or closed already.
    """
    failing = _noted(_open(task), report, at=at, level=LogLevel.WARNING)
    due = at + max(task.retry_policy.delay_after(task.attempt), pause)
    after = replace(_waiting(failing, at=at), attempt=task.attempt + 1, next_retry_at=due)
    after = logged(after, "Task is tried again", at=at, attempt=after.attempt)
    return after, (
        happened(after, EventType.TASK_FAILED, at=at, actor=actor, error_code=report.code, message=report.message),
        happened(after, EventType.TASK_RETRIED, at=at, attempt=after.attempt, reason=report.message),
    )


def given_up(task: Task, report: Report, *, actor: str, at: datetime) -> Transition:
    """The task failed: it waits for a retry by hand.

    Raises:
        Conflict: it is failed or closed already.
    """
    failing = _noted(_open(task), report, at=at, level=LogLevel.ERROR)
    after = replace(moved(failing, S.FAILED, at=at), next_retry_at=None)
    kind = EventType.TASK_CANCELLED if report.code == CANCELLED_CODE else EventType.TASK_FAILED
    data = {"reason": report.message} if kind is EventType.TASK_CANCELLED else _error(report)
    return after, (happened(after, kind, at=at, actor=actor, **data),)


def caught(task: Task, report: Report, *, handler_id: str, actor: str, at: datetime) -> Transition:
    """A boundary event or event sub-process takes the BPMN error over: the work itself is over (BPMN 13.3.2).

    Raises:
        Conflict: it is failed or closed already.
    """
    failing = _noted(_open(task), report, at=at, level=LogLevel.WARNING)
    after = replace(moved(failing, S.CANCELLED, at=at), completed_at=at, caught_by=handler_id)
    raised = replace(
        happened(after, EventType.ERROR_OCCURRED, at=at, actor=actor),
        data={"element_name": task.name, **_error(report)},
    )
    reason = f"BPMN error {report.code} caught by {handler_id}"
    return after, (raised, happened(after, EventType.TASK_CANCELLED, at=at, actor=actor, reason=reason))


def retried(task: Task, *, reason: str | None, actor: str, at: datetime) -> Transition:
    """A failed task is worked on anew, with all its attempts; an incident of the machine is answered.

    A call is made again: the machine catches the answer at the call activity itself.

    Raises:
        Conflict: it has not failed.
    """
    if task.status is not S.FAILED:
        raise Conflict(
            f"Task is {task.status}, only a failed task is retried", current_status=task.status, task_id=task.id
        )
    if is_incident(task):
        called = task.element_id if task.element_type == CALL_ACTIVITY else None
        after = replace(moved(task, S.COMPLETED, at=at), completed_at=at, caught_by=called)
    else:
        after = replace(_waiting(task, at=at), attempt=1, next_retry_at=None)
    after = logged(after, "Task retried", at=at, by=actor, reason=reason)
    return after, (happened(after, EventType.TASK_RETRIED, at=at, actor=actor, attempt=after.attempt, reason=reason),)


def is_incident(task: Task) -> bool:
    """Tell whether the machine itself is stuck there (a gateway without a way out), and nobody has work to do."""
    return not task.is_performed and task.incident is not None


def failure_of(task: Task) -> Failure:
    """What a failed task means to its instance."""
    incident = task.incident or Incident(code="TASK_FAILED", message="The task failed")
    return Failure(
        reason=incident.message,
        error_code=incident.code,
        failed_task_id=task.id,
        failed_task_name=task.name,
        element_id=task.element_id,
        retry_possible=True,
    )


def _open(task: Task) -> Task:
    if task.status not in OPEN:
        already = "" if task.status is S.FAILED else " already"
        raise Conflict(f"Task is{already} {task.status}", current_status=task.status, task_id=task.id)
    require_released(task)
    return task


def _waiting(task: Task, *, at: datetime) -> Task:
    """The task before its performer has begun."""
    status = S.ASSIGNED if task.assignment else S.PENDING
    return replace(task, status=status, updated_at=at, started_at=None, callback_due_at=None)


def _noted(task: Task, report: Report, *, at: datetime, level: LogLevel) -> Task:
    noted = replace(task, incident=report.incident)
    return logged(noted, report.message, at=at, level=level, code=report.code, **_extra(report))


def _extra(report: Report) -> dict[str, Any]:
    return {"details": dict(report.details)} if report.details else {}


def _error(report: Report) -> dict[str, Any]:
    return {"error_code": report.code, "message": report.message}
