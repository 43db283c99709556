"""Workflow definitions (spec section 1)."""

from dataclasses import asdict
from typing import Any

from orchestrator.api.app import App
from orchestrator.api.endpoints import Group
from orchestrator.api.parameters import Parameters
from orchestrator.api.request import Request
from orchestrator.api.responses import Response, created, no_content, ok, pagination, stamp
from orchestrator.api.schemas.definitions import (
    CreateDefinition,
    PublishDefinition,
    UpdateDefinition,
    ValidateDefinition,
)
from orchestrator.bootstrap.definitions import definition_service
from orchestrator.diagnostics import Diagnostic
from orchestrator.domain.definition import (
    CostEstimate,
    Definition,
    DefinitionStatus,
    DefinitionUpdate,
    ValidationResult,
)
from orchestrator.ports.definitions import DefinitionQuery
from orchestrator.services.definitions.definitions import NewDefinition
from orchestrator.services.definitions.validation import ValidationOptions

handler = App(Group.DEFINITIONS)


@handler.route("GET", "/workflow-definitions")
def list_definitions(request: Request) -> Response:
    """List definitions, newest first."""
    parameters = Parameters(request.query())
    page = parameters.page()
    tags = parameters.text("tags")
    query = DefinitionQuery(
        status=parameters.choice("status", DefinitionStatus),
        category=parameters.text("category"),
        tags=tuple(tag.strip() for tag in tags.split(",") if tag.strip()) if tags else (),
        created_by=parameters.text("created_by"),
    )
    parameters.done()
    listing = definition_service().list(request.caller, query, page)
    items = [_summary(definition) for definition in listing.items]
    return ok({"workflow_definitions": items, "pagination": pagination(listing, page)})


@handler.route("POST", "/workflow-definitions")
def create_definition(request: Request) -> Response:
    """Create a draft from BPMN content, with what a first validation finds."""
    body = request.body(CreateDefinition)
    new = NewDefinition(
        name=body.name,
        version=body.version,
        content=body.bpmn_content,
        process_id=body.process_id,
        description=body.description,
        metadata=body.metadata.stored(),
    )
    definition = definition_service().create(request.caller, new)
    return created(_detail(definition), location=f"/workflow-definitions/{definition.id}")


@handler.route("GET", "/workflow-definitions/{id}")
def get_definition(request: Request) -> Response:
    """One definition with its BPMN content."""
    Parameters(request.query()).done()
    definition, content = definition_service().get(request.caller, request.id)
    shape = {**_detail(definition), "bpmn_content": content, "bpmn_format": "xml"}
    return ok(shape, version=definition.sequence)


@handler.route("PUT", "/workflow-definitions/{id}")
def update_definition(request: Request) -> Response:
    """Change a definition; published content only with a new version."""
    body = request.body(UpdateDefinition)
    update = DefinitionUpdate(
        name=body.name,
        description=body.description,
        version=body.version,
        content=body.bpmn_content,
        process_id=body.process_id,
        status=DefinitionStatus(body.status) if body.status else None,
        metadata=body.metadata.stored() if body.metadata else None,
    )
    return ok(_detail(definition_service().update(request.caller, request.id, update)))


@handler.route("DELETE", "/workflow-definitions/{id}")
def delete_definition(request: Request) -> Response:
    """Remove a definition that no active instance uses."""
    definition_service().delete(request.caller, request.id)
    return no_content()


@handler.route("POST", "/workflow-definitions/{id}/validate")
def validate_definition(request: Request) -> Response:
    """All findings about the current version."""
    options = request.body(ValidateDefinition).validation_options
    result = definition_service().validate(request.caller, request.id, ValidationOptions(**options.model_dump()))
    return ok({"validation_result": _report(result)})


@handler.route("POST", "/workflow-definitions/{id}/publish")
def publish_definition(request: Request) -> Response:
    """Make the current version's state machine; repeating it changes nothing."""
    request.body(PublishDefinition)
    return ok(_detail(definition_service().publish(request.caller, request.id)))


def _summary(definition: Definition) -> dict[str, Any]:
    publication = definition.publication
    return {
        "id": definition.id,
        "name": definition.name,
        "description": definition.description,
        "version": str(definition.version),
        "status": definition.status,
        "created_at": stamp(definition.created_at),
        "updated_at": stamp(definition.updated_at),
        "created_by": definition.created_by,
        "metadata": dict(definition.metadata),
        "published_version": str(publication.version) if publication else None,
        "published_at": stamp(publication.published_at) if publication else None,
    }


def _detail(definition: Definition) -> dict[str, Any]:
    found = definition.validation
    publication = definition.publication
    return {
        **_summary(definition),
        "process_id": definition.process_id,
        "state_machine_arn": publication.state_machine_arn if publication else None,
        "validation_result": _findings(found) if found else None,
    }


def _findings(result: ValidationResult) -> dict[str, Any]:
    return {
        "is_valid": result.is_valid,
        "warnings": [_finding(finding) for finding in result.warnings],
        "errors": [_finding(finding) for finding in result.errors],
    }


def _report(result: ValidationResult) -> dict[str, Any]:
    services, agents = result.service_dependencies, result.agent_assignments
    return {
        **_findings(result),
        "timestamp": stamp(result.timestamp),
        "service_dependencies": {
            "validated": services is not None,
            "missing_services": list(services.missing_services) if services else [],
            "available_services": list(services.available_services) if services else [],
        },
        "agent_assignments": {
            "validated": agents is not None,
            "unassigned_tasks": list(agents.unassigned_tasks) if agents else [],
            "invalid_assignments": list(agents.invalid_assignments) if agents else [],
        },
        "concurrent_regions": [asdict(region) for region in result.regions],
        "estimate": None if result.estimate is None else _estimate(result.estimate),
    }


def _estimate(estimate: CostEstimate) -> dict[str, Any]:
    cost = estimate.usd_per_thousand_instances
    return {
        "state_transitions": {"fewest": estimate.fewest, "most": estimate.most},
        "usd_per_1000_instances": {"fewest": cost(estimate.fewest), "most": cost(estimate.most)},
        "usd_per_million_transitions": estimate.usd_per_million,
    }


def _finding(finding: Diagnostic) -> dict[str, Any]:
    return {
        "code": finding.code,
        "message": finding.message,
        "element_id": finding.element_id,
        "severity": finding.severity,
        "line": finding.line,
    }
