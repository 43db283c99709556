"""Bodies of the definition endpoints (spec section 1)."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from orchestrator.api.schemas import Shape

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Description = Annotated[str, StringConstraints(max_length=4000)]
Version = Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$", max_length=32)]
Model = Annotated[str, StringConstraints(min_length=1)]


class Metadata(Shape):
    """What a definition says of itself; `estimated_duration` in seconds."""

    category: Word | None = None
    tags: Annotated[list[Word], Field(max_length=50)] = []
    complexity_score: Annotated[float, Field(ge=0, le=1000)] | None = None
    estimated_duration: Annotated[int, Field(ge=0)] | None = None
    dependencies: Annotated[list[Word], Field(max_length=100)] = []

    def stored(self) -> dict[str, Any]:
        """The fields that were given."""
        return self.model_dump(exclude_unset=True)


class CreateDefinition(Shape):
    """POST /workflow-definitions; `process_id` names the process of a file that has several."""

    name: Name
    description: Description | None = None
    version: Version = "1.0.0"
    bpmn_content: Model
    bpmn_format: Literal["xml"] = "xml"
    process_id: Word | None = None
    metadata: Metadata = Metadata()


class UpdateDefinition(Shape):
    """PUT /workflow-definitions/{id}: what is not given stays."""

    name: Name | None = None
    description: Description | None = None
    version: Version | None = None
    bpmn_content: Model | None = None
    bpmn_format: Literal["xml"] | None = None
    process_id: Word | None = None
    status: Literal["published", "deprecated", "archived"] | None = None
    metadata: Metadata | None = None


class Options(Shape):
    """What a validation looks at."""

    check_service_dependencies: bool = True
    validate_agent_assignments: bool = True
    check_data_flow: bool = True
    strict_mode: bool = False


class ValidateDefinition(Shape):
    """POST /workflow-definitions/{id}/validate."""

    validation_options: Options = Options()


class PublishDefinition(Shape):
    """POST /workflow-definitions/{id}/publish: nothing to say."""
