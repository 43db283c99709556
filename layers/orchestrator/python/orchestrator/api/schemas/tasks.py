"""Bodies of the task endpoints (spec section 3)."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from orchestrator.api.schemas import Shape

Notes = Annotated[str, StringConstraints(max_length=10_000)]


class NextAction(Shape):
    """A wish of the performer; the model decides what follows."""

    action: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    task_id: Annotated[str, StringConstraints(max_length=200)] | None = None


class CompleteTask(Shape):
    """POST /tasks/{id}/complete."""

    result_data: dict[str, Any] = {}
    completion_notes: Notes | None = None
    next_actions: Annotated[list[NextAction], Field(max_length=50)] = []


class StartTask(Shape):
    """POST /tasks/{id}/start: nothing to say."""
