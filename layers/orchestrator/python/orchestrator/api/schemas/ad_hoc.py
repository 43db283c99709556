"""Bodies of ad-hoc sub-processes (additions to the spec)."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from orchestrator.api.schemas import Shape
from orchestrator.api.schemas.instances import Id

MOST_ACTIVITIES = 15
Scope = Annotated[str, StringConstraints(max_length=2_000)]


class ChosenActivity(Shape):
    """An activity to begin; only it sees the variables."""

    element_id: Id
    variables: dict[str, Any] = {}


class ActivateActivities(Shape):
    """POST /workflow-instances/{id}/ad-hoc-activities/{element_id}/activate."""

    elements: Annotated[list[ChosenActivity], Field(min_length=1, max_length=MOST_ACTIVITIES)]
    cancel_remaining: bool = False
    scope: Scope | None = None


class CompleteAdHoc(Shape):
    """POST /workflow-instances/{id}/ad-hoc-activities/{element_id}/complete."""

    cancel_remaining: bool = False
    scope: Scope | None = None
