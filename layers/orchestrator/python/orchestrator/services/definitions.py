"""Use cases of workflow definitions."""

from dataclasses import dataclass

from orchestrator.domain.caller import Caller
from orchestrator.domain.definition import Definition, DefinitionUpdate, ValidationResult
from orchestrator.domain.documents import JsonObject
from orchestrator.ports import (
    Clock,
    Compiler,
    DefinitionQuery,
    DefinitionStore,
    Directory,
    Ids,
    Listing,
    Page,
    WorkflowEngine,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDefinition:
    """The body of a creation, checked for shape by the edge."""

    name: str
    version: str
    content: str
    description: str | None = None
    metadata: JsonObject | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationOptions:
    """What a validation looks at; `strict_mode` turns warnings into errors."""

    check_service_dependencies: bool = True
    validate_agent_assignments: bool = True
    check_data_flow: bool = True
    strict_mode: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionService:
    """Create, read, change, validate, publish and delete definitions."""

    store: DefinitionStore
    directory: Directory
    engine: WorkflowEngine
    compiler: Compiler
    clock: Clock
    ids: Ids
    state_machine_prefix: str

    def create(self, caller: Caller, new: NewDefinition) -> Definition:
        """Draft a definition; its `validation` holds the findings of a first compilation.

        Raises:
            InvalidRequest: the XML cannot be read (`bpmn_content`), or the version is no `x.y.z`.
        """
        raise NotImplementedError

    def get(self, caller: Caller, definition_id: str) -> tuple[Definition, str]:
        """The definition and the BPMN XML of its current version.

        Raises:
            NotFound: no such definition.
        """
        raise NotImplementedError

    def list(self, caller: Caller, query: DefinitionQuery, page: Page) -> Listing[Definition]:
        """One page of definitions, newest first."""
        raise NotImplementedError

    def update(self, caller: Caller, definition_id: str, update: DefinitionUpdate) -> Definition:
        """Change what is given.

        Raises:
            NotFound: no such definition.
            Conflict: archived; new content without a higher version; a status that may not follow.
            InvalidRequest: unreadable XML or version.
        """
        raise NotImplementedError

    def delete(self, caller: Caller, definition_id: str) -> None:
        """Remove the definition with its versions and state machines; finished instances stay readable.

        Raises:
            NotFound: no such definition.
            Conflict: instances are active (details: `active_instances`).
        """
        raise NotImplementedError

    def validate(self, caller: Caller, definition_id: str, options: ValidationOptions) -> ValidationResult:
        """Find everything wrong with the current version; a valid draft becomes validated.

        Raises:
            NotFound: no such definition.
            Conflict: archived.
        """
        raise NotImplementedError

    def publish(self, caller: Caller, definition_id: str) -> Definition:
        """Make the current version's state machine; publishing what is published changes nothing.

        Raises:
            NotFound: no such definition.
            ModelRejected: the model has errors.
            Conflict: archived.
        """
        raise NotImplementedError
