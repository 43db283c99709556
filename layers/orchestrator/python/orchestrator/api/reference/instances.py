"""Reference of the instance endpoints (spec section 2)."""

from typing import Annotated, Final

from pydantic import Field

from orchestrator.api.reference.operation import Operation, Operations, choice, flag, moment, page, text
from orchestrator.api.reference.shapes import Count, CurrentTask, Object, Pagination, Percentage, Seconds, Timestamp
from orchestrator.api.schemas import Shape
from orchestrator.api.schemas.instances import CreateInstance, Notifications, StartInstance, SteerInstance
from orchestrator.domain.events import EventType
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.priority import Priority
from orchestrator.domain.retry import BackoffStrategy


class InstanceContext(Shape):
    """Whom an instance runs for."""

    project_id: str | None
    user_id: str | None
    team_id: str | None
    environment: str | None


class ErrorOfInstance(Shape):
    """The error that ended an instance."""

    error_code: str
    message: str


class CancellationOfInstance(Shape):
    """Who asked for the end of an instance whose completed work is compensated first."""

    requested_at: Timestamp
    requested_by: str
    reason: str | None


class Failed(Shape):
    """Fields that only a failed instance bears, and `cancellation` of one that is cancelled with compensation."""

    failure_reason: str | None = None
    failed_task_id: str | None = None
    failed_task_name: str | None = None
    error_details: ErrorOfInstance | None = None
    retry_possible: bool | None = None
    cancellation: CancellationOfInstance | None = None


class InstanceSummary(Failed):
    """An instance as lists show it."""

    id: str
    workflow_definition_id: str
    workflow_definition_version: str
    instance_name: str
    status: InstanceStatus
    priority: Priority
    business_key: str | None
    batch_id: str | None
    created_at: Timestamp
    queued_at: Timestamp | None
    started_at: Timestamp | None
    completed_at: Timestamp | None
    created_by: str
    execution_context: InstanceContext
    correlation_id: str
    parent_instance_id: str | None


class InstancePage(Shape):
    """One page of instances, newest first."""

    workflow_instances: list[InstanceSummary]
    pagination: Pagination


class InstanceCreated(InstanceSummary):
    """A new instance, and its first tasks where it was started at once."""

    current_tasks: list[CurrentTask]


class RetryOfInstance(Shape):
    """How often and how soon failed tasks are tried again."""

    max_retries: Count
    backoff_strategy: BackoffStrategy


class InstanceConfiguration(Shape):
    """How an instance runs."""

    auto_start: bool
    parallel_execution: bool
    retry_policy: RetryOfInstance | None


class InstanceDetail(InstanceCreated):
    """An instance with variables and open tasks."""

    input_variables: Object
    output_variables: Object | None
    configuration: InstanceConfiguration
    notifications: Notifications | Object


class StartMetrics(Shape):
    """Progress right after the start."""

    total_tasks: Count
    completed_tasks: Count
    failed_tasks: Count
    progress_percentage: Percentage


class InstanceStarted(Shape):
    """A started instance, or one that is queued; `current_tasks` appeared within a bounded moment."""

    id: str
    status: InstanceStatus
    started_at: Timestamp | None
    current_tasks: list[CurrentTask]
    execution_metrics: StartMetrics


class InstanceProgress(StartMetrics):
    """How far an instance is; tasks on branches that were not taken count no more once it has ended."""

    running_tasks: Count
    pending_tasks: Count


class ResourceUtilization(Shape):
    """Null: the work of one instance happens in other people's processes, where it cannot be measured."""

    cpu_usage: Percentage | None
    memory_usage: Percentage | None


class InstanceMetrics(Shape):
    """Durations in seconds."""

    average_task_duration: Seconds | None
    total_execution_time: Seconds | None
    resource_utilization: ResourceUtilization


class StatusOfInstance(Failed):
    """Status and progress."""

    id: str
    status: InstanceStatus
    started_at: Timestamp | None
    last_updated: Timestamp
    progress: InstanceProgress
    current_tasks: list[CurrentTask] | None = None
    execution_metrics: InstanceMetrics | None = None


class HistoryEntry(Shape):
    """One event; `actor` is who did it, null for the engine itself. `element_id` is the id in the BPMN model."""

    id: str
    sequence: Annotated[int, Field(ge=1)]
    timestamp: Timestamp
    event_type: EventType
    element_id: str | None
    element_type: str | None
    element_name: str | None
    task_id: str | None
    actor: str | None
    data: Object


class InstanceHistory(Shape):
    """One page of the history, oldest first."""

    workflow_instance_id: str
    history: list[HistoryEntry]
    pagination: Pagination


class InstanceSteered(Shape):
    """An instance after it was steered.

    `affected_tasks` counts the tasks that were handed out (resume) or withdrawn (cancel, terminate) with it.
    """

    id: str
    status: InstanceStatus
    previous_status: InstanceStatus
    reason: str | None
    started_at: Timestamp | None
    paused_at: Timestamp | None
    completed_at: Timestamp | None
    last_updated: Timestamp
    affected_tasks: Count


def _steering(description: str) -> Operation:
    return Operation(description=description, body=SteerInstance, answer=InstanceSteered, errors=(409,))


OPERATIONS: Final[Operations] = {
    ("GET", "/workflow-instances"): Operation(
        description="Instances, newest first.",
        answer=InstancePage,
        query=(
            choice("status", InstanceStatus, "Filter by status"),
            text("workflow_definition_id", "Filter by definition"),
            choice("priority", Priority, "Filter by priority"),
            text("project_id", "Filter by project"),
            text("created_by", "Filter by initiator"),
            text("batch_id", "Filter by batch"),
            text("business_key", "Filter by business key"),
            moment("created_after", "Created at this time or later"),
            moment("created_before", "Created before this time"),
            *page(),
        ),
    ),
    ("POST", "/workflow-instances"): Operation(
        description="Creates an instance of the last published version; `auto_start` starts it at once.",
        body=CreateInstance,
        answer=InstanceCreated,
        status=201,
        errors=(404, 409, 413),
    ),
    ("GET", "/workflow-instances/{id}"): Operation(
        description="One instance with its variables and open tasks.", answer=InstanceDetail
    ),
    ("POST", "/workflow-instances/{id}/start"): Operation(
        description=(
            "Starts a created instance. Waits a bounded moment for its first tasks; `current_tasks` is empty when "
            "none has appeared by then."
        ),
        body=StartInstance,
        answer=InstanceStarted,
        errors=(409,),
    ),
    ("GET", "/workflow-instances/{id}/status"): Operation(
        description="Status and progress.",
        answer=StatusOfInstance,
        query=(
            flag("include_tasks", "Include detailed task information", default=False),
            flag("include_metrics", "Include execution metrics", default=True),
        ),
    ),
    ("GET", "/workflow-instances/{id}/history"): Operation(
        description="What happened, oldest first: every passed BPMN element, every step of its tasks, and who did it.",
        answer=InstanceHistory,
        query=page(),
    ),
    ("POST", "/workflow-instances/{id}/pause"): _steering(
        "Pauses a running instance: tasks that appear from now on are held, work in hand may be done. Timers of the "
        "model go on."
    ),
    ("POST", "/workflow-instances/{id}/resume"): _steering(
        "Resumes a paused instance: what was held is handed out in the order in which it appeared."
    ),
    ("POST", "/workflow-instances/{id}/cancel"): _steering(
        "Cancels an instance whose outcome nobody needs: its open tasks are withdrawn, its machine is stopped. A "
        "repeated call finishes a cancellation that was cut off."
    ),
    ("POST", "/workflow-instances/{id}/terminate"): _steering(
        "Terminates an instance that must not go on, as an operator does; otherwise as cancel."
    ),
}
