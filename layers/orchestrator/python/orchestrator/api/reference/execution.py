"""Reference of execution control (spec section 4)."""

from typing import Final

from orchestrator.api.parameters import DEFAULT_LIMIT, LARGEST_LIMIT
from orchestrator.api.reference.derived import shape_of
from orchestrator.api.reference.operation import Operation, Operations, Query, flag
from orchestrator.api.reference.shapes import Count, Timestamp
from orchestrator.api.schemas import Shape
from orchestrator.api.schemas.execution import BatchCancel, BatchStart, SetPriority
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.priority import Priority
from orchestrator.services.queue.queue_status import QueueStatus


class ItemError(Shape):
    """Why one of many was refused: a code as in the bodies of errors, and the field at fault where there is one."""

    code: str
    message: str
    field: str | None


class StartedWorkflow(Shape):
    """An instance of the batch: running, or queued until there is a slot for it."""

    instance_id: str
    instance_name: str
    status: InstanceStatus
    started_at: Timestamp | None


class FailedStart(Shape):
    """A workflow that was not started; `index` is its place in the request, counted from 0."""

    index: Count
    workflow_definition_id: str | None
    instance_name: str | None
    error: ItemError


class BatchSummary(Shape):
    """Counts of the request; the estimate is null until durations have been measured."""

    total_requested: Count
    successfully_started: Count
    failed_to_start: Count
    queued: Count | None = None
    estimated_completion: Timestamp | None


class BatchStarted(Shape):
    """The outcome per workflow, in the order of the request."""

    batch_id: str
    started_workflows: list[StartedWorkflow]
    failed_starts: list[FailedStart]
    execution_summary: BatchSummary


class RefusedStart(Shape):
    """A workflow that was not started."""

    index: Count
    error: ItemError


class BatchCounts(Shape):
    """Instances of the batch by status."""

    total_requested: Count
    successfully_started: Count
    failed_to_start: Count
    by_status: dict[InstanceStatus, Count]
    estimated_completion: Timestamp | None


class BatchDetail(Shape):
    """A batch: `active` as long as something of it is queued, running or paused."""

    batch_id: str
    status: str
    cancelled_at: Timestamp | None
    created_at: Timestamp
    created_by: str
    priority: Priority | None
    max_concurrent: Count | None
    failed_starts: list[RefusedStart]
    execution_summary: BatchCounts


class SteeredWorkflow(Shape):
    """An instance before and after."""

    instance_id: str
    instance_name: str
    status: InstanceStatus
    previous_status: InstanceStatus


class CancelledWorkflow(SteeredWorkflow):
    """A cancelled instance."""

    cancelled_at: Timestamp | None


class FailedItem(Shape):
    """An instance that was left as it was."""

    instance_id: str
    error: ItemError


class CancelSummary(Shape):
    """Counts; `has_more`: more instances matched than one call concerns, so call again."""

    total_requested: Count
    successfully_cancelled: Count
    failed_to_cancel: Count
    pending: Count
    has_more: bool


class BatchCancelled(Shape):
    """The outcome per instance; pending ones are cancelled within moments, after this answer."""

    cancelled_workflows: list[CancelledWorkflow]
    failed_cancellations: list[FailedItem]
    pending_cancellations: list[str]
    execution_summary: CancelSummary


class PrioritisedWorkflow(SteeredWorkflow):
    """An instance with its priority."""

    previous_priority: Priority
    priority: Priority


class PrioritySummary(Shape):
    """Counts as of a cancellation."""

    total_requested: Count
    successfully_updated: Count
    failed_to_update: Count
    pending: Count
    has_more: bool


class PrioritySet(Shape):
    """The outcome per instance; pending ones are changed within moments, after this answer."""

    priority: Priority
    batch_id: str | None
    updated_workflows: list[PrioritisedWorkflow]
    failed_updates: list[FailedItem]
    pending_updates: list[str]
    execution_summary: PrioritySummary


OPERATIONS: Final[Operations] = {
    ("POST", "/execution/batch-start"): Operation(
        description="Starts up to 1,000 workflows. All that can be started become instances at once, queued, and run "
        "as slots are free: those of the service, and `max_concurrent` of the batch. A workflow that cannot be started "
        "is told in `failed_starts` and keeps no other from starting. The request may be repeated with the same "
        "`batch_id`: nothing is started twice, and other content is refused with 409.",
        body=BatchStart,
        answer=BatchStarted,
        errors=(409, 413),
    ),
    ("GET", "/execution/batches/{id}"): Operation(
        description="How a batch stands. Its instances: `GET /workflow-instances?batch_id=...`.", answer=BatchDetail
    ),
    ("POST", "/execution/batch-cancel"): Operation(
        description="Cancels up to 1,000 instances: by `workflow_instance_ids`, by `batch_id`, or all that have not "
        "ended and match a `filter`.",
        body=BatchCancel,
        answer=BatchCancelled,
        errors=(404,),
    ),
    ("GET", "/execution/queue-status"): Operation(
        description="How many instances run and wait, who is next, and when. "
        "It covers all projects, so tokens confined to some are refused with 403.",
        answer=shape_of(QueueStatus),
        query=(
            flag("include_details", "Include detailed queue information", default=False),
            Query(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT},
                "Number of places to show in the details",
            ),
        ),
    ),
    ("POST", "/execution/priority"): Operation(
        description="Another priority for instances, or for a batch: queued ones change their place at once, and "
        "tasks that appear from now on have it.",
        body=SetPriority,
        answer=PrioritySet,
        errors=(404,),
    ),
}
