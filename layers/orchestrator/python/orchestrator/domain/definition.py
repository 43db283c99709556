"""Workflow definitions: draft -> validated -> published -> deprecated -> archived.

A published version's content never changes: new content is a new version, drafted under the same id while
the last published version goes on serving new instances.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from orchestrator.diagnostics import Diagnostic, Severity
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.errors import InvalidRequest
from orchestrator.domain.ids import DefinitionId
from orchestrator.domain.start_event import StartEvent

RESOURCE = "workflow_definition"
_SEMVER = re.compile(r"(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})")


class DefinitionStatus(StrEnum):
    """Where the current version of a definition stands."""

    DRAFT = "draft"
    VALIDATED = "validated"
    PUBLISHED = "published"
    DEPRECATED = "deprecated"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A version `major.minor.patch`, ordered as semantic versions are."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> "Version":
        """Read `x.y.z`.

        Raises:
            InvalidRequest: the text has another form.
        """
        match = _SEMVER.fullmatch(text)
        if match is None:
            raise InvalidRequest("version", "must have the form x.y.z (three numbers)")
        return cls(*(int(part) for part in match.groups()))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    @property
    def slug(self) -> str:
        """The form in state machine names."""
        return f"{self.major}-{self.minor}-{self.patch}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDependencies:
    """Which services the model and its metadata name, and which of them are registered."""

    missing_services: tuple[str, ...] = ()
    available_services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAssignments:
    """Tasks that name nobody, and assignments to agents that are not registered."""

    unassigned_tasks: tuple[str, ...] = ()
    invalid_assignments: tuple[JsonObject, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcurrentRegion:
    """How the tokens of one split run: `native`, `structured` or `threaded`, with the reason where it does not nest."""

    split: str
    join: str | None
    branches: int
    mode: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CostEstimate:
    """State transitions of one instance (`most` None: no number can be told), and the price of a million in USD."""

    fewest: int
    most: int | None
    usd_per_million: int

    def usd_per_thousand_instances(self, transitions: int | None) -> float | None:
        """What a thousand instances of so many transitions cost."""
        return None if transitions is None else round(transitions * self.usd_per_million / 1000, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationResult:
    """All findings of one validation; the two reports are None where they were not asked for."""

    timestamp: datetime
    findings: tuple[Diagnostic, ...] = ()
    service_dependencies: ServiceDependencies | None = None
    agent_assignments: AgentAssignments | None = None
    regions: tuple[ConcurrentRegion, ...] = ()
    estimate: CostEstimate | None = None

    @property
    def is_valid(self) -> bool:
        """No finding is an error."""
        return not self.errors

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Findings that keep the model from running."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """Findings that do not."""
        return tuple(finding for finding in self.findings if finding.severity is not Severity.ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """The version that new instances use, with what their creation needs to know of it.

    `starts` are the events that start instances by themselves; `on_request`: callers may start them too.
    """

    version: Version
    state_machine_arn: str
    published_at: datetime
    content_digest: str
    planned_tasks: int
    routing_variables: tuple[str, ...] = ()
    deprecated: bool = False
    starts: tuple[StartEvent, ...] = ()
    on_request: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """The head of a definition: its current (possibly draft) version, and its last publication."""

    id: DefinitionId
    name: str
    version: Version
    status: DefinitionStatus
    created_at: datetime
    updated_at: datetime
    created_by: str
    content_digest: str
    #: which process of the file is meant, where its author said so
    process_id: str | None = None
    description: str | None = None
    metadata: JsonObject = field(default_factory=dict[str, Any])
    validation: ValidationResult | None = None
    publication: Publication | None = None
    sequence: int = 0

    @property
    def category(self) -> str | None:
        """`metadata.category`."""
        return self.metadata.get("category")

    @property
    def tags(self) -> tuple[str, ...]:
        """`metadata.tags`."""
        return tuple(self.metadata.get("tags") or ())

    @property
    def is_serving(self) -> bool:
        """Tell whether new instances may be created: published once, and neither deprecated nor archived."""
        if self.publication is None or self.publication.deprecated:
            return False
        return self.status is not DefinitionStatus.ARCHIVED

    @property
    def starts(self) -> tuple[StartEvent, ...]:
        """What starts instances by itself now."""
        return self.publication.starts if self.publication is not None and self.is_serving else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionUpdate:
    """What a PUT may carry; None leaves a field as it is. `process_id` goes with `content` and is replaced with it."""

    name: str | None = None
    description: str | None = None
    version: str | None = None
    content: str | None = None
    process_id: str | None = None
    status: DefinitionStatus | None = None
    metadata: Mapping[str, Any] | None = None
