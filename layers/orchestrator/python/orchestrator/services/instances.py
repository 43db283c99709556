"""Use cases of workflow instances."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestrator.domain.assignment import Assignee
from orchestrator.domain.caller import Caller
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.instance import Configuration, Instance
from orchestrator.domain.priority import Priority
from orchestrator.ports import (
    Clock,
    DefinitionStore,
    Ids,
    InstanceQuery,
    InstanceRecord,
    InstanceStore,
    Listing,
    OpenWork,
    Page,
    Pause,
    WorkflowEngine,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInstance:
    """The body of a creation. `context` is the execution context (project_id, user_id, team_id, environment)."""

    definition_id: str
    name: str | None = None
    input_variables: JsonObject = field(default_factory=dict[str, Any])
    context: JsonObject = field(default_factory=dict[str, Any])
    configuration: Configuration = field(default_factory=Configuration)
    priority: Priority | None = None
    business_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartOptions:
    """The body of a start; assignments are by BPMN element id."""

    initial_assignments: Mapping[str, Assignee] = field(default_factory=dict[str, Assignee])
    priority: Priority | None = None
    notifications: JsonObject | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceService:
    """Create, start and observe instances."""

    instances: InstanceStore
    definitions: DefinitionStore
    engine: WorkflowEngine
    clock: Clock
    ids: Ids
    pause: Pause
    first_task_wait_ms: int

    def list(self, caller: Caller, query: InstanceQuery, page: Page) -> Listing[Instance]:
        """One page of the instances that the caller may see, newest first."""
        raise NotImplementedError

    def create(self, caller: Caller, new: NewInstance) -> OpenWork:
        """Create an instance of the last published version, and start it when `auto_start` says so.

        Raises:
            NotFound: no such definition.
            Conflict: never published, deprecated or archived.
            Forbidden: a project that the caller is not in.
            PayloadTooLarge: the variables exceed the limit.
        """
        raise NotImplementedError

    def get(self, caller: Caller, instance_id: str) -> InstanceRecord:
        """The instance with variables and open tasks.

        Raises:
            NotFound: no such instance that the caller may see.
        """
        raise NotImplementedError

    def status(self, caller: Caller, instance_id: str) -> OpenWork:
        """The instance and its open tasks; progress and metrics are properties of the instance.

        Raises:
            NotFound: no such instance that the caller may see.
        """
        raise NotImplementedError

    def start(self, caller: Caller, instance_id: str, options: StartOptions) -> OpenWork:
        """Start a created instance; returns when its first tasks have appeared, or after a bounded wait.

        Raises:
            NotFound: no such instance that the caller may see.
            Conflict: it was started before (details: `instance_id`).
        """
        raise NotImplementedError
