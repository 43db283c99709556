"""The record of definitions and their versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from orchestrator.compiler.catalogue import Catalogue
from orchestrator.domain.definition import Definition, DefinitionStatus, Version
from orchestrator.domain.events import Event
from orchestrator.domain.ids import DefinitionId
from orchestrator.domain.schedule import Schedule
from orchestrator.ports.paging import Listing, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionQuery:
    """Filters of the definition list; all given ones must hold. `tags`: every one of them."""

    status: DefinitionStatus | None = None
    category: str | None = None
    tags: tuple[str, ...] = ()
    created_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionVersion:
    """A published version: immutable."""

    definition_id: DefinitionId
    version: Version
    content: str
    catalogue: Catalogue
    state_machine_arn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionTransition:
    """`before` None: the definition is new. `content` and `version` are written when given.

    `schedules` are the timers that begin to count; those of a version that serves no more cease to.
    """

    before: Definition | None
    after: Definition
    events: tuple[Event, ...] = ()
    content: str | None = None
    version: DefinitionVersion | None = None
    schedules: tuple[Schedule, ...] = ()


class DefinitionStore(Protocol):
    """Definitions and their published versions."""

    def load(self, definition_id: str) -> Definition:
        """The head. Raises NotFound."""
        ...

    def load_many(self, definition_ids: Sequence[str]) -> Mapping[str, Definition]:
        """Heads by id; what is not there is left out."""
        ...

    def load_with_content(self, definition_id: str) -> tuple[Definition, str]:
        """The head and the BPMN XML of its current version, in one read. Raises NotFound."""
        ...

    def load_catalogue(self, definition_id: str, version: Version) -> Catalogue:
        """The catalogue of a published version (immutable, cached). Raises NotFound."""
        ...

    def versions(self, definition_id: str) -> tuple[tuple[Version, str], ...]:
        """Every published version with its state machine's ARN, oldest first."""
        ...

    def list(self, query: DefinitionQuery, page: Page) -> Listing[Definition]:
        """Newest first."""
        ...

    def commit(self, transition: DefinitionTransition) -> None:
        """Write in one transaction. Raises StaleRecord."""
        ...

    def delete(self, definition: Definition, events: tuple[Event, ...]) -> None:
        """Remove the head, if no instance is active in the same instant.

        Raises:
            StaleRecord: the definition or its instance counts moved since they were read.
            Conflict: instances are active; details carry `active_instances`.
        """
        ...

    def forget_versions(self, definition_id: str) -> None:
        """Remove the published versions of a deleted definition; repeatable."""
        ...
