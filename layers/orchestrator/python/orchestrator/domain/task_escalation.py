"""What an escalation does to the activity that it comes out of."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from orchestrator.domain.errors import Conflict
from orchestrator.domain.escalation import EscalationCatch, Raised
from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.task import OPEN, Task, TaskStatus
from orchestrator.domain.task_lifecycle import Transition, cancelled, happened, logged, passed


def escalated(task: Task, raised: Raised, catch: EscalationCatch | None, *, at: datetime) -> Transition:
    """The activity goes on; what the escalation begins does so beside it.

    Raises:
        Conflict: it is failed or closed already.
    """
    open_ = _open(task)
    handler = None if catch is None else catch.handler_id
    after = logged(
        replace(open_, updated_at=at), "Escalation raised", at=at, by=raised.actor, code=raised.code, caught_by=handler
    )
    return after, (_told(task, raised, catch, at),)


def taken_by(task: Task, raised: Raised, catch: EscalationCatch, *, at: datetime) -> Transition:
    """The activity is over: its token goes to the boundary event or event sub-process.

    Raises:
        Conflict: it is failed or closed already.
    """
    reason, told = f"escalation {raised.code} caught by {catch.handler_id}", _told(task, raised, catch, at)
    if not task.is_work:
        over = replace(passed(_open(task), at=at), status=TaskStatus.CANCELLED)
        return replace(over, caught_by=catch.handler_id), (told,)
    after, happenings = cancelled(_open(task), reason=reason, at=at, actor=raised.actor)
    return replace(after, caught_by=catch.handler_id), (told, *happenings)


def _open(task: Task) -> Task:
    if task.status not in OPEN:
        raise Conflict(f"Task is already {task.status}", current_status=task.status, task_id=task.id)
    return task


def _told(task: Task, raised: Raised, catch: EscalationCatch | None, at: datetime) -> Happening:
    data: dict[str, Any] = {
        "element_name": task.name,
        "escalation_code": raised.code,
        "caught_by": None if catch is None else catch.handler_id,
    }
    return replace(happened(task, EventType.ESCALATION_TRIGGERED, at=at, actor=raised.actor), data=data)
