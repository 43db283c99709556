"""Tasks: pending -> assigned -> running -> completed | failed | cancelled; failed is left by a retry."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from orchestrator.domain.assignment import Assignment
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.escalation import EscalationCatch
from orchestrator.domain.ids import DefinitionId, InstanceId, TaskId
from orchestrator.domain.priority import Priority
from orchestrator.domain.retry import RetryPolicy
from orchestrator.domain.subscription import Subscription

RESOURCE = "task"
#: a BPMN element name in snake case: `user_task`, `service_task`, ...
TaskType = NewType("TaskType", str)
#: so is the sending of an event's message, where the model names a performer for it
SEND_TASK = TaskType("send_task")
LOG_LINES_KEPT = 50
CALL_ACTIVITY = "callActivity"
#: types of what somebody or something performs (BPMN 10.3); entries of others are waits of the machine, and
#: so are receive tasks, which nobody performs
_PERFORMED = frozenset(
    {
        "task",
        "user_task",
        "manual_task",
        "service_task",
        "send_task",
        "script_task",
        "business_rule_task",
        "sub_process",
        "transaction",
        "ad_hoc_sub_process",
    }
)


class TaskStatus(StrEnum):
    """Where a task stands."""

    PENDING = "pending"
    ASSIGNED = "assigned"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


T = TaskStatus

LIFECYCLE: Mapping[TaskStatus, frozenset[TaskStatus]] = {
    T.PENDING: frozenset({T.ASSIGNED, T.RUNNING, T.COMPLETED, T.FAILED, T.CANCELLED}),
    T.ASSIGNED: frozenset({T.PENDING, T.ASSIGNED, T.RUNNING, T.COMPLETED, T.FAILED, T.CANCELLED}),
    T.RUNNING: frozenset({T.PENDING, T.ASSIGNED, T.COMPLETED, T.FAILED, T.CANCELLED}),
    T.FAILED: frozenset({T.PENDING, T.ASSIGNED, T.CANCELLED, T.COMPLETED}),
    T.COMPLETED: frozenset(),
    T.CANCELLED: frozenset(),
}
#: tasks that somebody can still work on
OPEN = frozenset({T.PENDING, T.ASSIGNED, T.RUNNING})
#: tasks that nobody works on yet
WAITING = frozenset({T.PENDING, T.ASSIGNED})
#: tasks whose token has not been answered
UNANSWERED = OPEN | {T.FAILED}


class LogLevel(StrEnum):
    """Weight of an execution log line."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line of a task's execution log; `logged_by` None is the service itself."""

    timestamp: datetime
    level: LogLevel
    message: str
    details: JsonObject = field(default_factory=dict[str, Any])
    logged_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Which entry of which element a task is: the key of the record that a second run meets again."""

    thread: str
    scope: str
    element_id: str
    occurrence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Why a task is failed and waits for a retry, as a stable code and words."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Who has claimed a task, and until when nobody else may."""

    worker_id: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One entry of an activity. Input, result and token are kept beside it.

    `interrupted_by` names the boundary event or event sub-process that took over; `caught_by` the handler
    of the BPMN error that the performer reported; `fired_by` the event for which a wait is over. They decide
    what the machine is answered. `subscriptions` are the events that end it from outside, `escalations` what catches
    those that come out of it. A task that
    appeared while its instance was paused is `held`: pending, until the instance is resumed. What can be
    compensated has a `snapshot`: the variables that exist inside the activity only. `lock`: a worker has claimed it.
    `headers` are modelled for the service that performs it. `revision` counts its writes, from 1; 0: it was written
    before there was the count.
    """

    id: TaskId
    instance_id: InstanceId
    definition_id: DefinitionId
    entry: Entry
    type: TaskType
    element_type: str
    name: str
    status: TaskStatus
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    lane: str | None = None
    assignment: Assignment | None = None
    candidate_users: tuple[str, ...] = ()
    candidate_groups: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    form: JsonObject | None = None
    priority: Priority = Priority.MEDIUM
    due_date: datetime | None = None
    deadline: datetime | None = None
    context: JsonObject = field(default_factory=dict[str, Any])
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    attempt: int = 1
    next_retry_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    completion_notes: str | None = None
    incident: Incident | None = None
    subscriptions: tuple[Subscription, ...] = ()
    escalations: tuple[EscalationCatch, ...] = ()
    fired_by: str | None = None
    interrupted_by: str | None = None
    caught_by: str | None = None
    held: bool = False
    snapshot: JsonObject | None = None
    callback_token: str | None = field(default=None, repr=False)
    callback_due_at: datetime | None = None
    lock: Lock | None = None
    log: tuple[LogLine, ...] = ()
    revision: int = 0

    @property
    def element_id(self) -> str:
        """The BPMN id of the element."""
        return self.entry.element_id

    @property
    def project_id(self) -> str | None:
        """The instance's project."""
        return self.context.get("project_id")

    @property
    def is_work(self) -> bool:
        """Tell whether it is anybody's: an activity, or an incident anywhere. Else the machine only waits here."""
        return self.is_performed or self.incident is not None

    @property
    def is_performed(self) -> bool:
        """Tell whether somebody or something performs it."""
        return self.type in _PERFORMED

    @property
    def is_open(self) -> bool:
        """Tell whether it can be worked on."""
        return self.status in OPEN

    @property
    def work_due_at(self) -> datetime | None:
        """From when on a worker of its service may claim it; None: it is nobody's to claim."""
        if self.held or not self.is_open or self.assignment is None or not self.assignment.assigned_to.service_name:
            return None
        if self.status is TaskStatus.RUNNING:
            return self.lock and self.lock.until
        return self.next_retry_at or self.created_at

    @property
    def execution_seconds(self) -> float | None:
        """Time from start (or creation, where nobody started it) to the end, in seconds; None before the end."""
        if self.completed_at is None:
            return None
        return round((self.completed_at - (self.started_at or self.created_at)).total_seconds(), 3)


def task_type(element_type: str) -> TaskType:
    """`userTask` -> `user_task`."""
    return TaskType(re.sub(r"(?<=[a-z])([A-Z])", r"_\1", element_type).lower())
