"""Use cases of workflow instances."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from orchestrator.domain import instance_lifecycle as lifecycle
from orchestrator.domain.admission import Slot
from orchestrator.domain.assignment import Assignee
from orchestrator.domain.caller import Caller
from orchestrator.domain.definition import Definition, Publication
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.errors import Conflict, NotFound, Unavailable
from orchestrator.domain.events import Happening
from orchestrator.domain.ids import ROOT_THREAD, InstanceId, execution_name, instance_id
from orchestrator.domain.instance import RESOURCE, Instance, InstanceStatus, Progress
from orchestrator.domain.new_instance import NewInstance
from orchestrator.domain.priority import Priority
from orchestrator.ports.definitions import DefinitionStore
from orchestrator.ports.engine import WorkflowEngine
from orchestrator.ports.environment import Clock, Ids, Pause
from orchestrator.ports.instances import InstanceQuery, InstanceRecord, InstanceStore, OpenWork
from orchestrator.ports.paging import Listing, Page
from orchestrator.services.payloads import within_limit
from orchestrator.services.settling import AFTER_START, settled
from orchestrator.services.slots.admission import NO_SLOT, Door
from orchestrator.services.tokens.answers import epoch_ms
from orchestrator.services.unit_of_work import decided, instance_transition


@dataclass(frozen=True, slots=True, kw_only=True)
class StartOptions:
    """The body of a start; assignments are by BPMN element id."""

    initial_assignments: Mapping[str, Assignee] = field(default_factory=dict[str, Assignee])
    priority: Priority | None = None
    notifications: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class _Change:
    """An instance before and after, as far as it is decided."""

    before: Instance | None
    after: Instance
    happenings: tuple[Happening, ...] = ()
    input_variables: JsonObject | None = None

    def then(self, transition: lifecycle.Transition) -> "_Change":
        """With a transition after it."""
        after, happenings = transition
        return replace(self, after=after, happenings=self.happenings + happenings)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceService:
    """Create, start and observe instances."""

    instances: InstanceStore
    definitions: DefinitionStore
    engine: WorkflowEngine
    door: Door
    clock: Clock
    ids: Ids
    pause: Pause
    first_task_wait_ms: int

    def list(self, caller: Caller, query: InstanceQuery, page: Page) -> Listing[Instance]:
        """One page of the instances that the caller may see, newest first."""
        return self.instances.list(replace(query, visible_projects=caller.project_ids), page)

    def create(self, caller: Caller, new: NewInstance) -> OpenWork:
        """Create an instance of the last published version, and start it when `auto_start` says so.

        Raises:
            NotFound: no such definition.
            Conflict: never published, deprecated or archived, or only events start it.
            Forbidden: a project that the caller is not in.
            PayloadTooLarge: the variables exceed the limit.
        """
        caller.require_project(new.context.get("project_id"))
        within_limit("input_variables", new.input_variables)
        created = decided(lambda: self._created(caller, new), self.pause)
        if not new.configuration.auto_start:
            return OpenWork(instance=created, tasks=())
        return self._run(created, new.input_variables)

    def _created(self, caller: Caller, new: NewInstance) -> Instance:
        source, identity = self.definitions.load(new.definition_id), new.id or instance_id(self.ids.ulid())
        instance = new_instance(caller, new, source, identity, at=self.clock.now())
        after, happenings = lifecycle.created(instance, input_variables=new.input_variables)
        change = _Change(None, after, happenings, new.input_variables)
        if not new.configuration.auto_start:
            return self._committed(change)
        return self._entered(change, caller)

    def get(self, caller: Caller, instance_id: str) -> InstanceRecord:
        """The instance with variables and open tasks.

        Raises:
            NotFound: no such instance that the caller may see.
        """
        record = self.instances.load_record(instance_id)
        _require_visible(caller, record.instance)
        return record

    def status(self, caller: Caller, instance_id: str) -> OpenWork:
        """The instance and its open tasks; progress and metrics are properties of the instance.

        Raises:
            NotFound: no such instance that the caller may see.
        """
        work = self.instances.load_open_work(instance_id)
        _require_visible(caller, work.instance)
        return work

    def start(self, caller: Caller, instance_id: str, options: StartOptions) -> OpenWork:
        """Start a created instance; returns when its first tasks have appeared, or after a bounded wait.

        Where there is no slot for it, it is queued, and returned so.

        Raises:
            NotFound: no such instance that the caller may see.
            Conflict: it was started before (details: `instance_id`).
        """
        record = decided(lambda: self._started(caller, instance_id, options), self.pause)
        return self._run(record.instance, record.input_variables)

    def _started(self, caller: Caller, instance_id: str, options: StartOptions) -> InstanceRecord:
        record = self.instances.load_record(instance_id)
        before = record.instance
        _require_visible(caller, before)
        caller.require_version(before.id, str(before.sequence))
        prepared = replace(
            lifecycle.with_priority(before, options.priority),
            initial_assignments=options.initial_assignments,
            notifications=before.notifications if options.notifications is None else options.notifications,
        )
        return replace(record, instance=self._entered(_Change(before, prepared), caller))

    def _entered(self, change: "_Change", caller: Caller) -> Instance:
        """The instance running, or queued when there is no slot for it."""
        prepared, actor, at = change.after, caller.subject, self.clock.now()

        def run(slots: tuple[Slot, ...]) -> Instance:
            return self._committed(change.then(lifecycle.started(prepared, slots=slots, actor=actor, at=at)))

        def wait() -> Instance:
            return self._committed(change.then(lifecycle.queued(prepared, actor=actor, at=at, reason=NO_SLOT)))

        return self.door.enter(prepared, run=run, wait=wait)

    def _committed(self, change: "_Change") -> Instance:
        transition = instance_transition(
            change.before, change.after, change.happenings, ids=self.ids, input_variables=change.input_variables
        )
        self.instances.commit(transition)
        return transition.after

    def _run(self, instance: Instance, variables: JsonObject) -> OpenWork:
        """Start the execution. If the engine does not answer now, the execution watch starts it later."""
        if instance.status is InstanceStatus.QUEUED:
            return OpenWork(instance=instance, tasks=())
        with suppress(Unavailable):
            run(self.engine, instance, variables)
        work = settled(
            lambda: self.instances.load_open_work(instance.id),
            lambda work: bool(work.tasks) or work.instance.status is not InstanceStatus.RUNNING,
            self.pause,
            within_ms=self.first_task_wait_ms,
            reads=AFTER_START,
        )
        return work or OpenWork(instance=instance, tasks=())


def new_instance(
    caller: Caller, new: NewInstance, source: Definition, identity: InstanceId, *, at: datetime
) -> Instance:
    """An instance of what a definition serves.

    Raises:
        Conflict: never published, deprecated or archived, or only events start it (details: `start_events`).
    """
    publication = require_serving(source)
    if new.origin is None:
        _require_start_on_request(source, publication)
    return Instance(
        id=identity,
        definition_id=source.id,
        definition_version=publication.version,
        state_machine_arn=publication.state_machine_arn,
        name=new.name or source.name,
        status=InstanceStatus.CREATED,
        created_at=at,
        updated_at=at,
        created_by=caller.subject,
        context={"user_id": caller.subject, **new.context},
        correlation_id=caller.correlation_id or str(identity),
        priority=new.priority or Priority.MEDIUM,
        business_key=new.business_key,
        configuration=new.configuration,
        origin=new.origin,
        progress=Progress(planned=publication.planned_tasks),
    )


def require_serving(source: Definition) -> Publication:
    """What instances of a definition are made from.

    Raises:
        Conflict: never published, deprecated or archived.
    """
    if source.publication is None or not source.is_serving:
        raise Conflict(
            "Workflow definition does not accept new instances: it is not published",
            current_status=source.status,
            definition_id=source.id,
        )
    return source.publication


def _require_start_on_request(source: Definition, publication: Publication) -> None:
    if not publication.on_request:
        raise Conflict(
            "Workflow definition has no none start event: its instances are started by events only",
            current_status=source.status,
            definition_id=source.id,
            start_events=[
                {
                    "element_id": start.element_id,
                    "kind": start.kind,
                    "name": start.name,
                    "time": start.time.text if start.time else None,
                }
                for start in publication.starts
            ],
        )


def run(engine: WorkflowEngine, instance: Instance, variables: JsonObject) -> None:
    """Start the execution that carries the instance's root thread in its current run; repeatable."""
    started_at = instance.started_at or instance.created_at
    token: JsonObject = {
        "instance_id": instance.id,
        "thread": ROOT_THREAD,
        "variables": variables,
        "initiator": instance.created_by,
        "clock": epoch_ms(started_at),
        "scope": "",
        "visits": {},
        "trail": [],
        "written": [],
    }
    if instance.origin is not None:
        token["entry"] = instance.origin.element_id
    name = execution_name(instance.id, run=instance.runs)
    engine.start(state_machine_arn=instance.state_machine_arn, name=name, token=token)


def _require_visible(caller: Caller, instance: Instance) -> None:
    if not caller.sees(instance.project_id):
        raise NotFound(RESOURCE, instance.id)
