"""Reference of the task endpoints (spec section 3)."""

from typing import Annotated, Final

from pydantic import Field

from orchestrator.api.reference.operation import Operation, Operations, choice, flag, moment, page, text
from orchestrator.api.reference.shapes import Count, Object, Pagination, Seconds, TaskAssignment, Timestamp
from orchestrator.api.schemas import Shape
from orchestrator.api.schemas.tasks import CompleteTask, StartTask
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
}
