"""Use cases of workflow definitions."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from orchestrator.diagnostics import Severity
from orchestrator.domain import definition_lifecycle as lifecycle
from orchestrator.domain.caller import Caller
from orchestrator.domain.definition import (
    Definition,
    DefinitionStatus,
    DefinitionUpdate,
    Publication,
    ValidationResult,
    Version,
)
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.errors import InvalidRequest, ModelRejected
from orchestrator.domain.events import Subject, number
from orchestrator.domain.ids import DefinitionId, definition_id, event_id
from orchestrator.ports.activities import CalledDefinitions
from orchestrator.ports.compilation import Compiled, Compiler, Expressions
from orchestrator.ports.definitions import DefinitionQuery, DefinitionStore, DefinitionVersion
from orchestrator.ports.directory import Directory
from orchestrator.ports.engine import WorkflowEngine
from orchestrator.ports.environment import Clock, Ids, Pause
from orchestrator.ports.paging import Listing, Page
from orchestrator.services.definitions.start_events import schedules, start_events
from orchestrator.services.definitions.validation import ValidationOptions, plain_result, result_of
from orchestrator.services.unit_of_work import decided, definition_transition

PROCESS_NOT_FOUND: Final = "PROCESS_NOT_FOUND"
#: a file with one of these findings cannot be read at all
UNREADABLE: Final = frozenset(
    {
        "XML_MALFORMED",
        "XML_FORBIDDEN",
        "XML_TOO_LARGE",
        "XML_TOO_DEEP",
        "NOT_BPMN",
        "NO_PROCESS",
        PROCESS_NOT_FOUND,
    }
)
LONGEST_MACHINE_NAME: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDefinition:
    """The body of a creation, checked for shape by the edge."""

    name: str
    version: str
    content: str
    process_id: str | None = None
    description: str | None = None
    metadata: JsonObject = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionService:
    """Create, read, change, validate, publish and delete definitions."""

    store: DefinitionStore
    directory: Directory
    called: CalledDefinitions
    engine: WorkflowEngine
    compiler: Compiler
    expressions: Expressions
    clock: Clock
    ids: Ids
    pause: Pause
    state_machine_prefix: str
    #: the price of a million state transitions, for estimates
    usd_per_million: int
    timer_scale: float = 1.0

    def create(self, caller: Caller, new: NewDefinition) -> Definition:
        """Draft a definition; its `validation` holds the findings of a first compilation.

        Raises:
            InvalidRequest: the XML cannot be read (`bpmn_content`) or has no such process (`process_id`), or the
                version is no `x.y.z`.
        """
        version = Version.parse(new.version)
        compiled = self._readable(new.content, new.process_id)
        now = self.clock.now()
        definition = Definition(
            id=definition_id(self.ids.ulid()),
            name=new.name,
            description=new.description,
            version=version,
            status=DefinitionStatus.DRAFT,
            created_at=now,
            updated_at=now,
            created_by=caller.subject,
            content_digest=_digest(new.content, new.process_id),
            process_id=new.process_id,
            metadata=new.metadata,
            validation=plain_result(compiled.diagnostics, at=now),
        )
        after, happenings = lifecycle.created(definition)
        transition = definition_transition(None, after, happenings, ids=self.ids, content=new.content)
        self.store.commit(transition)
        return transition.after

    def get(self, caller: Caller, definition_id: str) -> tuple[Definition, str]:  # noqa: ARG002 - all callers see all
        """The definition and the BPMN XML of its current version.

        Raises:
            NotFound: no such definition.
        """
        return self.store.load_with_content(definition_id)

    def list(self, caller: Caller, query: DefinitionQuery, page: Page) -> Listing[Definition]:  # noqa: ARG002
        """One page of definitions, newest first."""
        return self.store.list(query, page)

    def update(self, caller: Caller, definition_id: str, update: DefinitionUpdate) -> Definition:
        """Change what is given.

        Raises:
            NotFound: no such definition.
            Conflict: archived; new content without a higher version; a status that may not follow.
            InvalidRequest: unreadable XML or version; a process that the content does not have, or without content.
        """
        if update.content is None and update.process_id is not None:
            raise InvalidRequest("process_id", "It names a process of bpmn_content, which must be given with it")
        compiled = None if update.content is None else self._readable(update.content, update.process_id)
        return decided(lambda: self._updated(caller, definition_id, update, compiled), self.pause)

    def _updated(
        self, caller: Caller, definition_id: str, update: DefinitionUpdate, compiled: Compiled | None
    ) -> Definition:
        before, now = self.store.load(definition_id), self.clock.now()
        caller.require_version(before.id, str(before.sequence))
        digest = None if update.content is None else _digest(update.content, update.process_id)
        validation = plain_result(compiled.diagnostics, at=now) if compiled else None
        after, happenings = lifecycle.updated(
            before, update, digest=digest, validation=validation, actor=caller.subject, at=now
        )
        if not happenings:
            return before
        content = update.content if after.content_digest != before.content_digest else None
        begun = schedules(before, after, at=now, scale=self.timer_scale)
        transition = definition_transition(before, after, happenings, ids=self.ids, content=content, schedules=begun)
        self.store.commit(transition)
        return transition.after

    def delete(self, caller: Caller, definition_id: str) -> None:
        """Remove the definition with its versions and state machines; finished instances stay readable.

        Raises:
            NotFound: no such definition.
            Conflict: instances are active (details: `active_instances`).
        """
        decided(lambda: self._deleted(caller, definition_id), self.pause)
        for _, state_machine_arn in self.store.versions(definition_id):
            self.engine.retire(state_machine_arn)
        self.store.forget_versions(definition_id)

    def _deleted(self, caller: Caller, definition_id: str) -> None:
        before = self.store.load(definition_id)
        caller.require_version(before.id, str(before.sequence))
        _, happenings = lifecycle.deleted(before, actor=caller.subject, at=self.clock.now())
        subject = Subject(definition_id=before.id, user_id=caller.subject)
        events = number(happenings, after=before.sequence, subject=subject, new_id=lambda: event_id(self.ids.ulid()))
        self.store.delete(before, events)

    def validate(self, caller: Caller, definition_id: str, options: ValidationOptions) -> ValidationResult:
        """Find everything wrong with the current version; a valid draft becomes validated.

        Raises:
            NotFound: no such definition.
            Conflict: archived.
        """
        return decided(lambda: self._validated(caller, definition_id, options), self.pause)

    def _validated(self, caller: Caller, definition_id: str, options: ValidationOptions) -> ValidationResult:
        before, content = self.store.load_with_content(definition_id)
        caller.require_version(before.id, str(before.sequence))
        lifecycle.refuse_archived(before)
        compiled, at = self.compiler(content, before.process_id), self.clock.now()
        result = result_of(
            before, compiled, self.directory, self.called, options, at=at, usd_per_million=self.usd_per_million
        )
        after, happenings = lifecycle.validated(before, result, actor=caller.subject)
        self.store.commit(definition_transition(before, after, happenings, ids=self.ids))
        return result

    def publish(self, caller: Caller, definition_id: str) -> Definition:
        """Make the current version's state machine; publishing what is published changes nothing.

        Raises:
            NotFound: no such definition.
            ModelRejected: the model has errors, or a start event whose name has no value.
            Conflict: archived.
        """
        return decided(lambda: self._published(caller, definition_id), self.pause)

    def _published(self, caller: Caller, definition_id: str) -> Definition:
        before, content = self.store.load_with_content(definition_id)
        caller.require_version(before.id, str(before.sequence))
        lifecycle.refuse_archived(before)
        if lifecycle.is_published(before):
            return before
        compiled, now = self.compiler(content, before.process_id), self.clock.now()
        result = plain_result(compiled.diagnostics, at=now)
        if compiled.definition is None or compiled.catalogue is None or not result.is_valid:
            raise ModelRejected(
                "The model has errors", current_status=before.status, findings=tuple(compiled.diagnostics)
            )
        version = DefinitionVersion(
            definition_id=before.id,
            version=before.version,
            content=content,
            catalogue=compiled.catalogue,
            state_machine_arn=self._state_machine(before, compiled.definition),
        )
        publication = Publication(
            version=before.version,
            state_machine_arn=version.state_machine_arn,
            published_at=now,
            content_digest=before.content_digest,
            planned_tasks=len(compiled.catalogue.planned_tasks),
            routing_variables=compiled.catalogue.routing_variables,
            starts=start_events(compiled.catalogue, self.expressions, now),
            on_request=compiled.catalogue.starts_on_request,
        )
        after, happenings = lifecycle.published(before, publication, result, actor=caller.subject)
        begun = schedules(before, after, at=now, scale=self.timer_scale)
        transition = definition_transition(before, after, happenings, ids=self.ids, version=version, schedules=begun)
        self.store.commit(transition)
        return transition.after

    def _state_machine(self, definition: Definition, machine: str) -> str:
        return self.engine.publish(
            name=_machine_name(self.state_machine_prefix, definition.id, definition.version),
            machine=machine,
            tags={"definition_id": definition.id, "definition_version": str(definition.version)},
        )

    def _readable(self, content: str, process_id: str | None) -> Compiled:
        compiled = self.compiler(content, process_id)
        for finding in compiled.diagnostics:
            if finding.code in UNREADABLE and finding.severity is Severity.ERROR:
                field_name = "process_id" if finding.code == PROCESS_NOT_FOUND else "bpmn_content"
                raise InvalidRequest(
                    field_name, finding.message, message="Invalid workflow definition format", line=finding.line
                )
        return compiled


def _digest(content: str, process_id: str | None) -> str:
    """Tell models apart; another process of the same file is another model."""
    named = content if process_id is None else f"{process_id}\n{content}"
    return sha256(named.encode()).hexdigest()


def _machine_name(prefix: str, definition: DefinitionId, version: Version) -> str:
    """`<prefix>-<definition id>-<version slug>`, at most 80 characters."""
    return f"{prefix}-{definition}-{version.slug}"[-LONGEST_MACHINE_NAME:]
