"""Bodies of the task endpoints (spec section 3)."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from orchestrator.api.schemas import Shape
from orchestrator.api.schemas.instances import Performer, Priority

Notes = Annotated[str, StringConstraints(max_length=10_000)]


class NextAction(Shape):
    """A wish of the performer; the model decides what follows."""

    action: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    task_id: Annotated[str, StringConstraints(max_length=200)] | None = None


Worker = Annotated[str, StringConstraints(min_length=1, max_length=128)]
LockSeconds = Annotated[int, Field(ge=1, le=86_400)]


class ClaimTasks(Shape):
    """POST /tasks/claim: tasks of the services `topics`, locked for `lock_duration` seconds.

    Without any the answer comes when there is one, after `timeout` seconds at the latest.
    """

    worker_id: Worker
    topics: Annotated[list[Worker], Field(min_length=1, max_length=10)]
    max_tasks: Annotated[int, Field(ge=1, le=20)] = 1
    lock_duration: LockSeconds = 60
    timeout: Annotated[int, Field(ge=0, le=20)] = 0


class ChangeClaim(Shape):
    """PUT /tasks/claim: locked for `lock_duration` seconds from now; 0 gives the task back."""

    worker_id: Worker
    task_id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    lock_duration: Annotated[int, Field(ge=0, le=86_400)]


class CompleteTask(Shape):
    """POST /tasks/{id}/complete. A task that a worker has claimed is completed under its `worker_id`."""

    worker_id: Worker | None = None

    result_data: dict[str, Any] = {}
    completion_notes: Notes | None = None
    next_actions: Annotated[list[NextAction], Field(max_length=50)] = []


class StartTask(Shape):
    """POST /tasks/{id}/start: nothing to say."""


Text = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class FailTask(Shape):
    """POST /tasks/{id}/fail. A `bpmn_error` goes to the boundary event or event sub-process that catches its code."""

    worker_id: Worker | None = None
    error_code: Code = "TASK_FAILED"
    error_message: Text
    error_type: Literal["technical", "bpmn_error"] = "technical"
    error_details: dict[str, Any] = {}
    retryable: bool = True
    variables: dict[str, Any] = {}


class EscalateTask(Shape):
    """POST /tasks/{id}/escalate. The `variables` go to the handler that catches the code."""

    worker_id: Worker | None = None
    escalation_code: Code
    variables: dict[str, Any] = {}


class RetryTask(Shape):
    """POST /tasks/{id}/retry. `variables` change the task's input, or answer an incident of the machine."""

    variables: dict[str, Any] = {}
    reason: Text | None = None


class AddLog(Shape):
    """POST /tasks/{id}/logs: one line. `details` have at most 1 KiB."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    message: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    details: dict[str, Any] = {}


class CancelTask(Shape):
    """POST /tasks/{id}/cancel."""

    reason: Text = "Cancelled on request"


class NewAssignment(Performer):
    """Who takes over, and why."""

    assignment_reason: Text | None = None
    priority_adjustment: Priority | None = None


class TransitionOptions(Shape):
    """How a task changes hands."""

    preserve_progress: bool = True
    notify_previous_assignee: bool = True
    notify_new_assignee: bool = True


class ReassignTask(Shape):
    """POST /tasks/{id}/reassign."""

    new_assignment: NewAssignment
    transition_options: TransitionOptions = TransitionOptions()


class AnswerCall(Shape):
    """POST /tasks/{id}/callback/{token}: the result, or with an `error_message` what went wrong."""

    result_data: dict[str, Any] = {}
    error_code: Annotated[str, StringConstraints(min_length=1, max_length=200)] = "SERVICE_ERROR"
    error_message: Text | None = None
    error_type: Literal["technical", "bpmn_error"] = "technical"
    error_details: dict[str, Any] = {}
    retryable: bool = True
    variables: dict[str, Any] = {}
