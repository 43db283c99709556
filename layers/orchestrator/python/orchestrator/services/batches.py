"""Many workflows in one call: all are created queued, and admitted as slots (of the batch too) are free."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from orchestrator.admission_ports import BatchStore
from orchestrator.domain import instance_lifecycle as lifecycle
from orchestrator.domain.batch import RESOURCE, Batch, Refusal
from orchestrator.domain.caller import Caller
from orchestrator.domain.definition import RESOURCE as DEFINITION
from orchestrator.domain.definition import Definition
from orchestrator.domain.errors import NotFound, OrchestratorError
from orchestrator.domain.instance import ACTIVE, Instance, InstanceStatus
from orchestrator.domain.priority import Priority
from orchestrator.domain.rejection import Rejection
from orchestrator.ports import (
    NEW_AT_ONCE,
    Clock,
    DefinitionStore,
    Ids,
    InstanceStore,
    InstanceTransition,
    Pause,
    StaleRecord,
)
from orchestrator.services.instances import NewInstance, new_instance, require_serving
from orchestrator.services.payloads import within_limit
from orchestrator.services.queue_worker import QueueWorker
from orchestrator.services.unit_of_work import decided, instance_transition
from orchestrator.services.waiting_times import WaitingTimes

#: how long a request may admit what it has queued; the rest is the worker's
ADMITTING: Final = timedelta(seconds=4)
#: characters of what is kept of a refusal
LONGEST_MESSAGE: Final = 200
BATCH: Final = "batch"
NOT_SERVING: Final = Rejection(
    code="RESOURCE_CONFLICT", message="Workflow definition does not accept new instances any more"
)
Asked = NewInstance | OrchestratorError


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBatch:
    """The body of a batch start. Workflows that were malformed are the errors that say so.

    `id`: chosen by the caller, who may repeat the request; `fingerprint` identifies its content.
    """

    workflows: tuple[Asked, ...]
    fingerprint: str
    id: str | None = None
    priority: Priority | None = None
    max_concurrent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedBatch:
    """A batch with its instances by their places in the request."""

    batch: Batch
    instances: Mapping[int, Instance]
    estimated_completion: datetime | None

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """What was not started, in the order of the request."""
        vanished = (place for place in self.batch.members if place not in self.instances)
        late = (Refusal(place=place, rejection=NOT_SERVING) for place in vanished)
        return tuple(sorted((*self.batch.refusals, *late), key=lambda refusal: refusal.place))


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchStanding:
    """A batch, and how many of its instances are in which status."""

    batch: Batch
    counts: Mapping[InstanceStatus, int]
    estimated_completion: datetime | None

    @property
    def has_ended(self) -> bool:
        """Tell whether nothing of it goes on."""
        return not any(self.counts.get(status, 0) for status in ACTIVE - {InstanceStatus.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchService:
    """Starts batches and tells how they stand."""

    batches: BatchStore
    instances: InstanceStore
    definitions: DefinitionStore
    worker: QueueWorker
    times: WaitingTimes
    clock: Clock
    ids: Ids
    pause: Pause

    def start(self, caller: Caller, new: NewBatch) -> StartedBatch:
        """Create every workflow that can be started, queued, and admit what there are slots for at once.

        A repeated request makes what is missing, and is answered with how the batch stands then.

        Raises:
            Conflict: there is a batch of this id with other content.
        """
        batch = self._registered(caller, new)
        members = batch.members
        accepted = ((place, new.workflows[place]) for place in members)
        workflows = iter([(place, asked) for place, asked in accepted if isinstance(asked, NewInstance)])
        while some := dict(islice(workflows, NEW_AT_ONCE)):
            self._create(caller, batch, some)
        until = self.clock.now() + ADMITTING
        self.worker.admit(lambda: self.clock.now() < until)
        found = self.instances.load_many(list(members.values()))
        instances = {place: found[identity] for place, identity in members.items() if identity in found}
        return StartedBatch(batch=batch, instances=instances, estimated_completion=self.times.end_of_batch(batch.id))

    def get(self, caller: Caller, batch_id: str) -> BatchStanding:
        """How a batch stands; its instances are a filter of the instance list.

        Raises:
            NotFound: no such batch that the caller may see.
        """
        batch = self.batches.load(batch_id)
        if not _sees(caller, batch):
            raise NotFound(RESOURCE, batch_id)
        counts = self.batches.counts(batch_id)
        return BatchStanding(batch=batch, counts=counts, estimated_completion=self.times.end_of_batch(batch_id))

    def prioritise(self, caller: Caller, batch_id: str, priority: Priority) -> None:
        """Note the priority of a batch; that of its instances is changed one by one.

        Raises:
            NotFound: no such batch that the caller may see.
        """
        self.get(caller, batch_id)
        self.batches.prioritise(batch_id, priority)

    def _registered(self, caller: Caller, new: NewBatch) -> Batch:
        """The batch as it was first asked for: what was refused then stays refused."""
        wanted = {asked.definition_id for asked in new.workflows if isinstance(asked, NewInstance)}
        sources = self.definitions.load_many(sorted(wanted))
        rejections = ((place, _rejection(caller, asked, sources)) for place, asked in enumerate(new.workflows))
        candidate = Batch(
            id=new.id or f"batch-{self.ids.ulid()}",
            created_at=self.clock.now(),
            created_by=caller.subject,
            fingerprint=new.fingerprint,
            total=len(new.workflows),
            priority=new.priority,
            max_concurrent=new.max_concurrent,
            refusals=tuple(Refusal(place=place, rejection=why) for place, why in rejections if why is not None),
            projects=tuple(sorted({_project(asked) for asked in new.workflows} - {""})),
        )
        batch = self.batches.register(candidate)
        batch.require_same(new.fingerprint)
        return batch

    def _create(self, caller: Caller, batch: Batch, asked: Mapping[int, NewInstance]) -> None:
        """Create queued instances, those that are not there yet."""
        try:
            self._commit(caller, batch, asked)
        except StaleRecord:
            decided(lambda: self._create_missing(caller, batch, asked), self.pause)

    def _create_missing(self, caller: Caller, batch: Batch, asked: Mapping[int, NewInstance]) -> None:
        found = self.instances.load_many([batch.member(place) for place in asked])
        missing = {place: new for place, new in asked.items() if batch.member(place) not in found}
        if missing:
            self._commit(caller, batch, missing)

    def _commit(self, caller: Caller, batch: Batch, asked: Mapping[int, NewInstance]) -> None:
        sources = self.definitions.load_many(sorted({new.definition_id for new in asked.values()}))
        transitions = [
            self._queued(caller, batch, place, new, sources[new.definition_id])
            for place, new in asked.items()
            if new.definition_id in sources and sources[new.definition_id].is_serving
        ]
        if transitions:
            self.instances.commit_new(transitions)

    def _queued(
        self, caller: Caller, batch: Batch, place: int, new: NewInstance, source: Definition
    ) -> InstanceTransition:
        at, priority = batch.created_at, new.priority or batch.priority
        instance = new_instance(caller, replace(new, priority=priority), source, batch.member(place), at=at)
        member = replace(instance, batch=batch.membership)
        created, happenings = lifecycle.created(member, input_variables=new.input_variables)
        after, more = lifecycle.queued(created, actor=caller.subject, at=at, reason=BATCH)
        return instance_transition(None, after, (*happenings, *more), ids=self.ids, input_variables=new.input_variables)


def _rejection(caller: Caller, asked: Asked, sources: Mapping[str, Definition]) -> Rejection | None:
    """Why a workflow cannot be started; None: it can."""
    try:
        if isinstance(asked, OrchestratorError):
            raise asked
        _check(caller, asked, sources)
    except OrchestratorError as error:
        why = Rejection.of(error)
        return replace(why, message=why.message[:LONGEST_MESSAGE])
    return None


def _check(caller: Caller, asked: NewInstance, sources: Mapping[str, Definition]) -> None:
    caller.require_project(asked.context.get("project_id"))
    within_limit("input_variables", asked.input_variables)
    if asked.definition_id not in sources:
        raise NotFound(DEFINITION, asked.definition_id)
    require_serving(sources[asked.definition_id])


def _project(asked: Asked) -> str:
    return "" if isinstance(asked, OrchestratorError) else str(asked.context.get("project_id") or "")


def _sees(caller: Caller, batch: Batch) -> bool:
    return caller.subject == batch.created_by or all(caller.sees(project) for project in batch.projects or (None,))
