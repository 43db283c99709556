"""Reference of the definition endpoints (spec section 1)."""

from typing import Final

from orchestrator.api.reference.operation import Operation, Operations, choice, page, text
from orchestrator.api.reference.shapes import Finding, Object, Pagination, Timestamp
from orchestrator.api.schemas import Shape
from orchestrator.api.schemas.definitions import (
    CreateDefinition,
    Metadata,
    PublishDefinition,
    UpdateDefinition,
    ValidateDefinition,
)
from orchestrator.domain.definition import DefinitionStatus


class DefinitionSummary(Shape):
    """A definition as lists show it; `version` is the current one, `published_version` the one that instances use."""

    id: str
    name: str
    description: str | None
    version: str
    status: DefinitionStatus
    created_at: Timestamp
    updated_at: Timestamp
    created_by: str
    metadata: Metadata
    published_version: str | None
    published_at: Timestamp | None


class Findings(Shape):
    """What the last compilation found."""

    is_valid: bool
    warnings: list[Finding]
    errors: list[Finding]


class DefinitionDetail(DefinitionSummary):
    """A definition with what the last compilation found; `process_id` as it was asked for, null where it was not."""

    process_id: str | None
    state_machine_arn: str | None
    validation_result: Findings | None


class DefinitionWithContent(DefinitionDetail):
    """A definition with its BPMN XML."""

    bpmn_content: str
    bpmn_format: str


class DefinitionPage(Shape):
    """One page of definitions, newest first."""

    workflow_definitions: list[DefinitionSummary]
    pagination: Pagination


class ServiceReport(Shape):
    """Services that the model and its metadata name; `validated` false where nobody asked."""

    validated: bool
    missing_services: list[str]
    available_services: list[str]


class AssignmentReport(Shape):
    """Tasks that name nobody, and assignments to agents that are not registered."""

    validated: bool
    unassigned_tasks: list[str]
    invalid_assignments: list[Object]


class RegionReport(Shape):
    """How the tokens of one split run: `native`, `structured` (rewritten) or `threaded`, and why it does not nest."""

    split: str
    join: str | None
    branches: int
    mode: str
    reason: str | None


class TransitionCount(Shape):
    """State transitions of one instance that meets no errors; `most` is null where it depends on data or time."""

    fewest: int
    most: int | None


class Cost(Shape):
    """What Step Functions bills for a thousand such instances."""

    fewest: float
    most: float | None


class EstimateReport(Shape):
    """What instances cost on Step Functions, without what other services bill."""

    state_transitions: TransitionCount
    usd_per_1000_instances: Cost
    usd_per_million_transitions: int


class ValidationReport(Findings):
    """All findings of one validation."""

    timestamp: Timestamp
    service_dependencies: ServiceReport
    agent_assignments: AssignmentReport
    concurrent_regions: list[RegionReport]
    estimate: EstimateReport | None


class Validated(Shape):
    """The answer to a validation."""

    validation_result: ValidationReport


OPERATIONS: Final[Operations] = {
    ("GET", "/workflow-definitions"): Operation(
        description="Definitions, newest first.",
        answer=DefinitionPage,
        query=(
            choice("status", DefinitionStatus, "Filter by definition status"),
            text("category", "Filter by workflow category"),
            text("tags", "Comma separated; definitions that bear all of them"),
            text("created_by", "Filter by author"),
            *page(),
        ),
    ),
    ("POST", "/workflow-definitions"): Operation(
        description=(
            "Drafts a definition from BPMN 2.0 XML. A file that cannot be read is refused with field, reason and "
            "line; a readable model with findings becomes a draft that lists them."
        ),
        body=CreateDefinition,
        answer=DefinitionDetail,
        status=201,
        errors=(413,),
    ),
    ("GET", "/workflow-definitions/{id}"): Operation(
        description="One definition with its BPMN content.", answer=DefinitionWithContent
    ),
    ("PUT", "/workflow-definitions/{id}"): Operation(
        description=(
            "Changes what is given. Content of a published version never changes: new content needs a higher "
            "version, which is drafted while the published one goes on serving."
        ),
        body=UpdateDefinition,
        answer=DefinitionDetail,
        errors=(409, 413),
    ),
    ("DELETE", "/workflow-definitions/{id}"): Operation(
        description="Removes a definition that no active instance uses; its finished instances stay readable.",
        answer=None,
        status=204,
        errors=(409,),
    ),
    ("POST", "/workflow-definitions/{id}/validate"): Operation(
        description="Finds everything wrong with the current version; a valid draft becomes validated.",
        body=ValidateDefinition,
        answer=Validated,
        errors=(409,),
    ),
    ("POST", "/workflow-definitions/{id}/publish"): Operation(
        description="Makes the state machine of the current version. Repeating it changes nothing.",
        body=PublishDefinition,
        answer=DefinitionDetail,
        errors=(409,),
    ),
}
