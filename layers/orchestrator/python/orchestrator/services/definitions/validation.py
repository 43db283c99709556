"""Findings about a model beyond its compilation: services and agents that it names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from orchestrator.compiler.catalogue import Catalogue, CatalogueElement
from orchestrator.diagnostics import Diagnostic, Severity
from orchestrator.domain.definition import (
    AgentAssignments,
    ConcurrentRegion,
    CostEstimate,
    Definition,
    ServiceDependencies,
    ValidationResult,
)
from orchestrator.domain.documents import JsonObject
from orchestrator.ports.activities import CalledDefinitions
from orchestrator.ports.compilation import Compiled
from orchestrator.ports.directory import Directory
from orchestrator.services.definitions.modelled_texts import is_expression

if TYPE_CHECKING:
    from orchestrator.compiler.flow.findings import RegionReport

#: findings of the data flow analysis
DATA_FLOW: Final = frozenset({"VARIABLE_READ_TOO_EARLY", "VARIABLE_EXPECTED"})
_CALLING_TYPES: Final = frozenset({"serviceTask", "sendTask", "businessRuleTask", "intermediateThrowEvent", "endEvent"})
_HUMAN_TYPES: Final = frozenset({"userTask", "manualTask"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationOptions:
    """What a validation looks at; `strict_mode` turns warnings into errors."""

    check_service_dependencies: bool = True
    validate_agent_assignments: bool = True
    check_data_flow: bool = True
    strict_mode: bool = False


def result_of(
    definition: Definition,
    compiled: Compiled,
    directory: Directory,
    called: CalledDefinitions,
    options: ValidationOptions,
    *,
    at: datetime,
    usd_per_million: int,
) -> ValidationResult:
    """All findings of a compilation, and the two reports where they are asked for."""
    findings = [d for d in compiled.diagnostics if options.check_data_flow or d.code not in DATA_FLOW]
    services = agents = None
    if options.check_service_dependencies:
        services = _services(definition, compiled.catalogue, directory)
        findings += [_missing(name, compiled.catalogue) for name in services.missing_services]
        findings += unknown_callees(compiled.catalogue, called)
    if options.validate_agent_assignments:
        agents = _agents(compiled.catalogue, directory)
        findings += [_unknown(invalid) for invalid in agents.invalid_assignments]
    if options.strict_mode:
        findings = [_strict(finding) for finding in findings]
    return ValidationResult(
        timestamp=at,
        findings=tuple(findings),
        service_dependencies=services,
        agent_assignments=agents,
        regions=tuple(map(_region, compiled.regions)),
        estimate=_estimate(compiled, usd_per_million),
    )


def _estimate(compiled: Compiled, usd_per_million: int) -> CostEstimate | None:
    found = compiled.transitions
    if found is None:
        return None
    return CostEstimate(fewest=found.fewest, most=found.most, usd_per_million=usd_per_million)


def _region(found: "RegionReport") -> ConcurrentRegion:
    return ConcurrentRegion(
        split=found.split, join=found.join, branches=found.branches, mode=found.mode, reason=found.reason
    )


def plain_result(diagnostics: Sequence[Diagnostic], *, at: datetime) -> ValidationResult:
    """The findings of a compilation alone."""
    return ValidationResult(timestamp=at, findings=tuple(diagnostics))


def _elements(catalogue: Catalogue | None) -> tuple[CatalogueElement, ...]:
    return tuple(catalogue.elements.values()) if catalogue else ()


def service_of(element: CatalogueElement) -> str | None:
    """The service that performs an element, where the model names one."""
    if element.type not in _CALLING_TYPES or not element.task_type:
        return None
    return None if is_expression(element.task_type) else element.task_type


def services_of(catalogue: Catalogue | None) -> frozenset[str]:
    """The services that a model names."""
    return frozenset(name for element in _elements(catalogue) if (name := service_of(element)))


def _services(definition: Definition, catalogue: Catalogue | None, directory: Directory) -> ServiceDependencies:
    named = services_of(catalogue) | {str(name) for name in definition.metadata.get("dependencies") or ()}
    registered = directory.services() if named else frozenset[str]()
    return ServiceDependencies(
        missing_services=tuple(sorted(named - registered)), available_services=tuple(sorted(named & registered))
    )


def _missing(service: str, catalogue: Catalogue | None) -> Diagnostic:
    element = next((e.id for e in _elements(catalogue) if service_of(e) == service), None)
    message = f"Service '{service}' is not registered: its tasks stay open until somebody completes them"
    return Diagnostic("UNKNOWN_SERVICE", message, element, Severity.WARNING)


def unknown_callees(catalogue: Catalogue | None, called: CalledDefinitions) -> list[Diagnostic]:
    """Warn of call activities whose process nobody has published yet; one that calls its own process is known."""
    calls = {e.id: str(e.properties["called_element"]) for e in _elements(catalogue) if _calls(e)}
    own = catalogue.process_id if catalogue else None
    unknown = {name for name in set(calls.values()) - {own} if called.find(name) is None}
    return [
        Diagnostic("CALLED_ELEMENT_UNKNOWN", f"No published definition serves '{name}'", element, Severity.WARNING)
        for element, name in calls.items()
        if name in unknown
    ]


def _calls(element: CatalogueElement) -> bool:
    called = element.properties.get("called_element")
    return element.type == "callActivity" and bool(called) and not is_expression(str(called))


def _agents(catalogue: Catalogue | None, directory: Directory) -> AgentAssignments:
    people = [element for element in _elements(catalogue) if element.type in _HUMAN_TYPES]
    named = {e.id: e.assignee for e in people if e.assignee and not is_expression(e.assignee)}
    registered = directory.agents() if named else frozenset[str]()
    invalid: list[JsonObject] = [
        {"element_id": element, "agent_id": agent, "reason": "agent is not registered"}
        for element, agent in named.items()
        if agent not in registered
    ]
    unassigned = tuple(element.id for element in people if not _names_somebody(element))
    return AgentAssignments(unassigned_tasks=unassigned, invalid_assignments=tuple(invalid))


def _names_somebody(element: CatalogueElement) -> bool:
    named = (element.assignee, element.candidate_users, element.candidate_groups, element.capabilities, element.lane)
    return any(named)


def _unknown(invalid: JsonObject) -> Diagnostic:
    message = f"Agent '{invalid['agent_id']}' is not registered"
    return Diagnostic("UNKNOWN_AGENT", message, invalid["element_id"], Severity.WARNING)


def _strict(finding: Diagnostic) -> Diagnostic:
    return replace(finding, severity=Severity.ERROR) if finding.severity is Severity.WARNING else finding
