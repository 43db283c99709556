"""Bodies of messages and signals (additions to the spec)."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from orchestrator.api.schemas import Shape
from orchestrator.api.schemas.instances import Id

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=500)] | int
LONGEST_TIME_TO_LIVE = 30 * 24 * 3_600


class PublishMessage(Shape):
    """POST /messages. `time_to_live` in seconds; 0: for those who wait now, or nobody."""

    name: Name
    correlation_key: Key | None = None
    variables: dict[str, Any] = {}
    time_to_live: Annotated[int, Field(ge=0, le=LONGEST_TIME_TO_LIVE)] = 3_600
    message_id: Id | None = None
    project_id: Id | None = None


class PublishSignal(Shape):
    """POST /signals."""

    name: Name
    variables: dict[str, Any] = {}
    project_id: Id | None = None


class EvaluateConditions(Shape):
    """POST /conditions."""

    variables: dict[str, Any]
    workflow_definition_id: Id | None = None
    business_key: Id | None = None
    project_id: Id | None = None
