"""Many workflows in one call: all are created queued, and admitted as slots (of the batch too) are free."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from orchestrator.domain.batch import RESOURCE, Batch, Refusal
from orchestrator.domain.caller import Caller
from orchestrator.domain.definition import RESOURCE as DEFINITION
from orchestrator.domain.definition import Definition
from orchestrator.domain.errors import NotFound, OrchestratorError
from orchestrator.domain.instance import ACTIVE, Instance, InstanceStatus
from orchestrator.domain.priority import Priority
from orchestrator.domain.rejection import Rejection
from orchestrator.ports.admission import BatchStore
from orchestrator.ports.definitions import DefinitionStore
from orchestrator.ports.environment import Clock, Ids, Pause
from orchestrator.ports.instances import InstanceStore
from orchestrator.services.instances.instances import NewInstance, require_serving
from orchestrator.services.payloads import within_limit
from orchestrator.services.queue.batch_launch import BatchLauncher
from orchestrator.services.queue.queue_worker import QueueWorker
from orchestrator.services.slots.waiting_times import WaitingTimes

#: how long a request may create instances, and admit what it has queued; the rest is the worker's
CREATING: Final = timedelta(seconds=10)
ADMITTING: Final = timedelta(seconds=3)
#: then the worker looks whether the request has done its part
LAUNCH_AFTER: Final = timedelta(seconds=40)
#: characters of what is kept of a refusal
LONGEST_MESSAGE: Final = 200
NOT_SERVING: Final = Rejection(
    code="RESOURCE_CONFLICT", message="Workflow definition does not accept new instances any more"
)
CANCELLED: Final = Rejection(code="RESOURCE_CONFLICT", message="The batch was cancelled")
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
    """A batch with its instances by their places in the request; `coming`: the names of those still to be created."""

    batch: Batch
    instances: Mapping[int, Instance]
    coming: Mapping[int, str]
    estimated_completion: datetime | None

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """What was not started, in the order of the request."""
        known = self.instances.keys() | self.coming.keys()
        vanished = (place for place in self.batch.members if place not in known)
        why = NOT_SERVING if self.batch.cancelled_at is None else CANCELLED
        late = (Refusal(place=place, rejection=why) for place in vanished)
        return tuple(sorted((*self.batch.refusals, *late), key=lambda refusal: refusal.place))


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchStanding:
    """A batch, and how many of its instances are in which status."""

    batch: Batch
    counts: Mapping[InstanceStatus, int]
    estimated_completion: datetime | None = None

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
    launcher: BatchLauncher
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
        sources = self._sources(new)
        candidate = self._candidate(caller, new, sources)
        workflows = _accepted(candidate, new)
        self.batches.keep(candidate, workflows)
        self.launcher.queue.launch(candidate.id, after=LAUNCH_AFTER)  # whatever becomes of this request
        batch = self.batches.register(candidate)
        batch.require_same(new.fingerprint)
        if batch is not candidate:
            workflows = self.launcher.missing(batch, _accepted(batch, new))
        left = self.launcher.create(batch, workflows, self._timer(CREATING))
        if left:
            self.launcher.queue.launch(batch.id)
        self.worker.admit(self._timer(ADMITTING))
        return self._started(batch, {place: self._name(asked, sources) for place, asked in left.items()})

    def _timer(self, length: timedelta) -> Callable[[], bool]:
        until = self.clock.now() + length
        return lambda: self.clock.now() < until

    def _name(self, asked: NewInstance, sources: Mapping[str, Definition]) -> str:
        source = sources.get(asked.definition_id)
        return asked.name or (source.name if source else asked.definition_id)

    def _started(self, batch: Batch, coming: Mapping[int, str]) -> StartedBatch:
        members = batch.members
        found = self.instances.load_many(list(members.values()))
        instances = {place: found[identity] for place, identity in members.items() if identity in found}
        estimate = self.times.forecast().end_of_batch(batch.id)
        return StartedBatch(batch=batch, instances=instances, coming=coming, estimated_completion=estimate)

    def get(self, caller: Caller, batch_id: str) -> BatchStanding:
        """How a batch stands; its instances are a filter of the instance list.

        Raises:
            NotFound: no such batch that the caller may see.
        """
        batch = self.batches.load(batch_id)
        if not _sees(caller, batch):
            raise NotFound(RESOURCE, batch_id)
        standing = BatchStanding(batch=batch, counts=self.batches.counts(batch_id))
        if standing.has_ended:
            return standing
        return replace(standing, estimated_completion=self.times.forecast().end_of_batch(batch_id))

    def cancel(self, caller: Caller, batch_id: str) -> None:
        """Nothing more of a batch is created; its instances are cancelled one by one.

        Raises:
            NotFound: no such batch that the caller may see.
        """
        self.get(caller, batch_id)
        self.batches.cancel(batch_id, at=self.clock.now())

    def prioritise(self, caller: Caller, batch_id: str, priority: Priority) -> None:
        """Note the priority of a batch; that of its instances is changed one by one.

        Raises:
            NotFound: no such batch that the caller may see.
        """
        self.get(caller, batch_id)
        self.batches.prioritise(batch_id, priority)

    def _sources(self, new: NewBatch) -> Mapping[str, Definition]:
        return self.definitions.load_many(
            sorted({asked.definition_id for asked in new.workflows if isinstance(asked, NewInstance)})
        )

    def _candidate(self, caller: Caller, new: NewBatch, sources: Mapping[str, Definition]) -> Batch:
        """The batch as it is asked for; what is refused now stays refused."""
        rejections = ((place, _rejection(caller, asked, sources)) for place, asked in enumerate(new.workflows))
        return Batch(
            id=new.id or f"batch-{self.ids.ulid()}",
            created_at=self.clock.now(),
            created_by=caller.subject,
            correlation_id=caller.correlation_id,
            fingerprint=new.fingerprint,
            total=len(new.workflows),
            priority=new.priority,
            max_concurrent=new.max_concurrent,
            refusals=tuple(Refusal(place=place, rejection=why) for place, why in rejections if why is not None),
            projects=tuple(sorted({_project(asked) for asked in new.workflows} - {""})),
        )


def _accepted(batch: Batch, new: NewBatch) -> dict[int, NewInstance]:
    """The workflows that are started, by their places."""
    asked = ((place, new.workflows[place]) for place in batch.members)
    return {place: workflow for place, workflow in asked if isinstance(workflow, NewInstance)}


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
