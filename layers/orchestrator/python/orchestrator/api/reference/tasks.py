"""Reference of the task endpoints (spec section 3)."""

from typing import Annotated, Final

from pydantic import Field

from orchestrator.api.reference.operation import Operation, Operations, choice, flag, moment, page, text
from orchestrator.api.reference.shapes import AssignedTo, Count, Object, Pagination, Seconds, TaskAssignment, Timestamp
from orchestrator.api.schemas import Shape
from orchestrator.api.schemas.tasks import (
    AddLog,
    AnswerCall,
    CancelTask,
    ChangeClaim,
    ClaimTasks,
    CompleteTask,
    EscalateTask,
    FailTask,
    ReassignTask,
    RetryTask,
    StartTask,
)
from orchestrator.domain.assignment import AssignmentMethod
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.notification import NotificationType
from orchestrator.domain.priority import Priority
from orchestrator.domain.retry import BackoffStrategy
from orchestrator.domain.task import LogLevel, TaskStatus


class TaskSummary(Shape):
    """A task as lists show it; `element_id` is the id of its BPMN element."""

    id: str
    workflow_instance_id: str
    workflow_definition_id: str
    name: str
    description: str | None
    type: str
    element_id: str
    status: TaskStatus
    priority: Priority
    created_at: Timestamp
    started_at: Timestamp | None
    completed_at: Timestamp | None
    due_date: Timestamp | None
    candidate_users: list[str]
    candidate_groups: list[str]
    assignment: TaskAssignment | None


class TaskPage(Shape):
    """One page of tasks, newest first."""

    tasks: list[TaskSummary]
    pagination: Pagination


class TaskRetry(Shape):
    """Where a task stands in its retries."""

    max_retries: Count
    current_attempt: Annotated[int, Field(ge=1)]
    backoff_strategy: BackoffStrategy
    next_retry_at: Timestamp | None


class ErrorOfTask(Shape):
    """Why a task failed."""

    error_code: str
    message: str


class TaskContext(Shape):
    """Whom a task is done for, and how to follow it through logs and traces."""

    project_id: str | None
    user_id: str | None
    correlation_id: str | None
    trace_id: str | None


class TaskLogLine(Shape):
    """One line of a task's execution log."""

    timestamp: Timestamp
    level: LogLevel
    message: str
    details: Object
    logged_by: str | None


class TaskDetail(TaskSummary):
    """A task with its data."""

    form: Object | str | None
    input_data: Object
    result_data: Object | None
    completion_notes: str | None
    retry_policy: TaskRetry
    error: ErrorOfTask | None
    execution_context: TaskContext | None = None
    execution_logs: list[TaskLogLine] | None = None


class ResultSummary(Shape):
    """`data_size` in bytes of JSON; `quality_score` as the result's `metadata` states it."""

    success: bool
    data_size: Count
    quality_score: float | None


class TriggeredAction(Shape):
    """What followed a completion within a bounded moment."""

    action: str
    target_task_id: str | None
    timestamp: Timestamp


class TaskCompleted(Shape):
    """The answer to a completion; `execution_time` in seconds."""

    id: str
    status: TaskStatus
    completed_at: Timestamp
    execution_time: Seconds | None
    result_summary: ResultSummary
    triggered_actions: list[TriggeredAction]


class TaskState(Shape):
    """Where a task stands, and its instance with it.

    `error` is the last failure; `caught_by` and `interrupted_by` name the BPMN element that took over; a task is
    `held` while its instance is paused.
    """

    id: str
    workflow_instance_id: str
    element_id: str
    status: TaskStatus
    workflow_status: InstanceStatus
    priority: Priority
    created_at: Timestamp
    started_at: Timestamp | None
    completed_at: Timestamp | None
    last_updated: Timestamp
    execution_time: Seconds | None
    assignment: TaskAssignment | None
    retry_policy: TaskRetry
    error: ErrorOfTask | None
    caught_by: str | None
    interrupted_by: str | None
    held: bool


class RaisedEscalation(Shape):
    """What caught an escalation (null: nothing did), and whether the task is over by that."""

    escalation_code: str
    caught_by: str | None
    is_interrupting: bool


class TaskEscalated(TaskState):
    """Where a task stands after it has raised an escalation."""

    escalation: RaisedEscalation


class LockOfTask(Shape):
    """Which worker has a task, and until when nobody else may claim it."""

    worker_id: str
    locked_until: Timestamp


class ClaimedTask(TaskSummary):
    """A task as its worker gets it."""

    input_data: Object
    retry_policy: TaskRetry
    correlation_id: str | None
    lock: LockOfTask | None


class ClaimedTasks(Shape):
    """What a worker has now, the most urgent first; none: there was nothing to do."""

    tasks: list[ClaimedTask]


class LockState(Shape):
    """A task and its lock; null: nobody has it."""

    id: str
    status: TaskStatus
    lock: LockOfTask | None


class TaskLog(Shape):
    """One page of an execution log, oldest line first."""

    task_id: str
    logs: list[TaskLogLine]
    pagination: Pagination


class LineAdded(TaskLogLine):
    """A line that the caller added."""

    task_id: str


class PreviousAssignment(AssignedTo):
    """Who had the task."""

    unassigned_at: Timestamp


class CurrentAssignment(AssignedTo):
    """Who has the task."""

    assigned_at: Timestamp
    assignment_method: AssignmentMethod


class NotificationSent(Shape):
    """A notification that is on its way to an active webhook which names the recipient."""

    recipient: str
    type: NotificationType
    sent_at: Timestamp


class TaskReassigned(Shape):
    """The answer to a reassignment; `previous_assignment` is null where nobody had the task."""

    id: str
    status: TaskStatus
    previous_assignment: PreviousAssignment | None
    current_assignment: CurrentAssignment
    notifications_sent: list[NotificationSent]


OPERATIONS: Final[Operations] = {
    ("GET", "/tasks"): Operation(
        description="Tasks, newest first.",
        answer=TaskPage,
        query=(
            choice("status", TaskStatus, "Filter by status"),
            text("type", "Filter by type: the BPMN element in snake case, e.g. `user_task`"),
            text("assignee", "Filter by agent id or service name"),
            text("workflow_instance_id", "Filter by instance"),
            choice("priority", Priority, "Filter by priority"),
            moment("due_before", "Due before this time"),
            *page(),
        ),
    ),
    ("GET", "/tasks/{id}"): Operation(
        description="One task with its data.",
        answer=TaskDetail,
        query=(
            flag("include_logs", "Include execution logs", default=False),
            flag("include_context", "Include execution context", default=True),
        ),
    ),
    ("POST", "/tasks/{id}/start"): Operation(
        description="Begins work on a task; one without assignee becomes the caller's.",
        body=StartTask,
        answer=TaskSummary,
        errors=(409,),
    ),
    ("POST", "/tasks/{id}/complete"): Operation(
        description="Closes a task with its result, which becomes process variables. The first result stands.",
        body=CompleteTask,
        answer=TaskCompleted,
        errors=(409, 413),
    ),
    ("POST", "/tasks/{id}/fail"): Operation(
        description=(
            "Reports a failed attempt. A technical failure is tried again by the retry policy; a `bpmn_error` goes to "
            "the boundary event or event sub-process that catches its code. What is neither leaves the task failed, "
            "and its instance with it, until the task is retried."
        ),
        body=FailTask,
        answer=TaskState,
        errors=(409, 413),
    ),
    ("POST", "/tasks/{id}/escalate"): Operation(
        description=(
            "Raises a BPMN escalation while the task is worked on. The nearest boundary event or event sub-process "
            "that catches the code takes it: beside the task, which goes on, or instead of it. What nothing catches "
            "is told as an event, and the task goes on."
        ),
        body=EscalateTask,
        answer=TaskEscalated,
        errors=(409, 413),
    ),
    ("POST", "/tasks/{id}/retry"): Operation(
        description=(
            "Brings a failed task back, with all its attempts and with changed input; an incident of the machine is "
            "answered with the changed variables. Its instance goes on unless another of its tasks is failed."
        ),
        body=RetryTask,
        answer=TaskState,
        errors=(409, 413),
    ),
    ("POST", "/tasks/{id}/reassign"): Operation(
        description="Gives a task to another agent or service. `notifications_sent` lists what was really sent: "
        "to recipients whom a webhook names (`filters.recipients`).",
        body=ReassignTask,
        answer=TaskReassigned,
        errors=(409,),
    ),
    ("POST", "/tasks/{id}/cancel"): Operation(
        description=(
            "Withdraws the work from its performer. The token stays: task and instance are failed, with the error "
            "code `TASK_CANCELLED`, until the task is retried or the instance is cancelled."
        ),
        body=CancelTask,
        answer=TaskState,
        errors=(409,),
    ),
    ("GET", "/tasks/{id}/status"): Operation(description="Where a task stands in its lifecycle.", answer=TaskState),
    ("POST", "/tasks/claim"): Operation(
        description="Gives tasks of services to one of their workers, locked for it: work begins. Without any the "
        "answer waits up to `timeout` seconds for one. The services have the delivery `claim`.",
        body=ClaimTasks,
        answer=ClaimedTasks,
    ),
    ("PUT", "/tasks/claim"): Operation(
        description="Locks a task that the worker has for so long from now; 0 gives it back: others may claim it. "
        "A worker that does not have it gets a 409.",
        body=ChangeClaim,
        answer=LockState,
        errors=(404, 409),
    ),
    ("POST", "/tasks/{id}/logs"): Operation(
        description="Adds a line to the execution log, whatever the task's status; a log takes 100 lines of callers.",
        body=AddLog,
        answer=LineAdded,
        errors=(409, 413),
    ),
    ("GET", "/tasks/{id}/logs"): Operation(
        description="The execution log of a task, oldest line first: the latest 50 lines of the service itself "
        "(`logged_by` null), and what callers added.",
        answer=TaskLog,
        query=(
            choice("level", LogLevel, "Lines of at least this weight"),
            moment("since", "Lines from this time on"),
            *(parameter for parameter in page() if parameter.name != "cursor"),
        ),
    ),
    ("POST", "/tasks/{id}/callback/{token}"): Operation(
        description=(
            "A service that answered 202 answers later: with the result, or with an `error_message` what went wrong. "
            "The URL came with the call; its last segment is a secret."
        ),
        body=AnswerCall,
        answer=TaskState,
        errors=(409, 413),
    ),
}
