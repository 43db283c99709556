"""Shapes that several answers share, and the body of every error."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from orchestrator.api.schemas import Shape
from orchestrator.diagnostics import Severity
from orchestrator.domain.assignment import AgentType, AssignmentMethod
from orchestrator.domain.task import TaskStatus

Timestamp = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"),
    Field(json_schema_extra={"format": "date-time"}, examples=["2025-01-15T10:00:00.000Z"]),
]
Count = Annotated[int, Field(ge=0)]
Percentage = Annotated[float, Field(ge=0, le=100)]
Seconds = Annotated[float, Field(ge=0)]
Object = dict[str, Any]


class ErrorDetails(Shape):
    """Depends on the code: each names what a program needs to react."""

    model_config = ConfigDict(extra="allow")


class ErrorContent(Shape):
    """A stable code, words for people, and details for programs."""

    code: str
    message: str
    details: ErrorDetails | None = None


class ErrorBody(Shape):
    """The body of every answer from 400 on."""

    error: ErrorContent


class Problem(Shape):
    """The same as problem details (RFC 9457); `type` is `about:blank`, so `title` is the status in words."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str
    code: str
    details: ErrorDetails | None = None


class Pagination(Shape):
    """Where a page lies in its list; `total` counts all matches, as far as `total_is_exact` says."""

    total: Count
    limit: Count
    offset: Count
    has_more: bool
    next_cursor: str | None
    total_is_exact: bool


class Finding(Shape):
    """One finding about a BPMN model: where (element, line of the XML) and what."""

    code: str
    message: str
    element_id: str | None
    severity: Severity
    line: int | None


class AssignedTo(Shape):
    """Who performs a task: an agent by id, or a service by name and endpoint."""

    agent_type: AgentType
    agent_id: str | None = None
    service_name: str | None = None
    endpoint: str | None = None


class TaskAssignment(Shape):
    """A performer, how it was chosen, and when."""

    assigned_to: AssignedTo
    assignment_method: AssignmentMethod
    assigned_at: Timestamp


class CurrentTask(Shape):
    """An open task of an instance; an estimate exists where the model sets a deadline or a due date."""

    id: str
    name: str
    type: str
    status: TaskStatus
    element_id: str
    assigned_to: AssignedTo | None
    candidate_groups: list[str]
    started_at: Timestamp | None
    created_at: Timestamp
    estimated_completion: Timestamp | None
