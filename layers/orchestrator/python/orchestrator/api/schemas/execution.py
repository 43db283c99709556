"""Bodies of execution control (spec section 4)."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from orchestrator.api.schemas import Moment, Shape
from orchestrator.api.schemas.instances import Id, Priority

MOST_WORKFLOWS = 1_000
Reason = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
BatchId = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]
InstanceIds = Annotated[list[Id], Field(min_length=1, max_length=MOST_WORKFLOWS)]
Status = Literal["created", "queued", "running", "paused", "failed"]


class ExecutionOptions(Shape):
    """How a batch runs: at most `max_concurrent` of it at a time; without `parallel_execution`, one after another."""

    parallel_execution: bool = True
    max_concurrent: Annotated[int, Field(ge=1, le=10_000)] | None = None
    priority: Priority | None = None
    batch_id: BatchId | None = None

    @model_validator(mode="after")
    def _agreeing(self) -> "ExecutionOptions":
        if not self.parallel_execution and (self.max_concurrent or 1) > 1:
            raise ValueError("max_concurrent above 1 contradicts parallel_execution false")
        return self


class BatchStart(Shape):
    """POST /execution/batch-start. Each workflow is a creation of an instance; one that is malformed fails alone."""

    workflows: Annotated[list[Any], Field(min_length=1, max_length=MOST_WORKFLOWS)]
    execution_options: ExecutionOptions = ExecutionOptions()


class CancelFilter(Shape):
    """Instances that have not ended and match all that is given."""

    status: Status | None = None
    workflow_definition_id: Id | None = None
    priority: Priority | None = None
    project_id: Id | None = None
    created_by: Id | None = None
    business_key: Id | None = None
    batch_id: Id | None = None
    created_after: Moment | None = None
    created_before: Moment | None = None

    @model_validator(mode="after")
    def _narrowing(self) -> "CancelFilter":
        if not self.model_dump(exclude_none=True):
            raise ValueError("at least one criterion is required")
        return self


class BatchCancel(Shape):
    """POST /execution/batch-cancel: by ids, by batch, or by filter."""

    workflow_instance_ids: InstanceIds | None = None
    batch_id: Id | None = None
    filter: CancelFilter | None = None
    reason: Reason | None = None

    @model_validator(mode="after")
    def _one(self) -> "BatchCancel":
        _require_one(workflow_instance_ids=self.workflow_instance_ids, batch_id=self.batch_id, filter=self.filter)
        return self


class SetPriority(Shape):
    """POST /execution/priority: of instances, or of a batch."""

    workflow_instance_ids: InstanceIds | None = None
    batch_id: Id | None = None
    priority: Priority
    reason: Reason | None = None

    @model_validator(mode="after")
    def _one(self) -> "SetPriority":
        _require_one(workflow_instance_ids=self.workflow_instance_ids, batch_id=self.batch_id)
        return self


def _require_one(**given: object) -> None:
    if sum(value is not None for value in given.values()) != 1:
        raise ValueError(f"exactly one of {', '.join(given)} is required")
