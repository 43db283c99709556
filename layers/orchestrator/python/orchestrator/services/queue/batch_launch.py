"""From a batch to its instances: created queued, several a transaction, by the request or by the worker after it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from orchestrator.domain import instance_lifecycle as lifecycle
from orchestrator.domain.batch import Batch
from orchestrator.domain.caller import Caller
from orchestrator.domain.definition import Definition
from orchestrator.domain.errors import NotFound
from orchestrator.domain.new_instance import NewInstance
from orchestrator.ports.admission import BatchStore, WorkerQueue
from orchestrator.ports.conflicts import StaleRecord
from orchestrator.ports.definitions import DefinitionStore
from orchestrator.ports.environment import Ids, Pause
from orchestrator.ports.instances import NEW_AT_ONCE, InstanceStore
from orchestrator.ports.transitions import InstanceTransition
from orchestrator.services.instances.instances import new_instance
from orchestrator.services.unit_of_work import decided, instance_transition

#: why its instances are queued
BATCH: Final = "batch"
Workflows = Mapping[int, NewInstance]
Sources = Mapping[str, Definition]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLauncher:
    """Creates the instances of batches, each once however often it is asked to."""

    batches: BatchStore
    instances: InstanceStore
    definitions: DefinitionStore
    queue: WorkerQueue
    ids: Ids
    pause: Pause

    def go_on(self, batch_id: str, has_time: Callable[[], bool]) -> None:
        """Create what a request has left, if it has; what there is no time for is left to the next."""
        try:
            batch = self.batches.load(batch_id)
        except NotFound:  # the request ended before it had registered anything
            return
        if (
            batch.cancelled_at is not None
            or sum(self.batches.counts(batch_id).values()) + len(batch.refusals) >= batch.total
        ):
            return
        if self.create(batch, self.missing(batch, self.batches.workflows(batch)), has_time):
            self.queue.launch(batch_id)

    def missing(self, batch: Batch, workflows: Workflows) -> Workflows:
        """Those without an instance."""
        found = self.instances.load_many([batch.member(place) for place in workflows])
        return {place: new for place, new in workflows.items() if batch.member(place) not in found}

    def create(self, batch: Batch, workflows: Workflows, has_time: Callable[[], bool]) -> Workflows:
        """Create instances in order; those that there was no time for. Of a cancelled batch, nothing more."""
        sources, left = self._sources(workflows), iter(workflows.items())
        while has_time():
            some = dict(islice(left, NEW_AT_ONCE))
            if not some or not self._create(batch, some, sources):
                return {}
        return dict(left)

    def _create(self, batch: Batch, some: Workflows, sources: Sources) -> bool:
        """False: the batch was cancelled."""
        try:
            self._commit(batch, some, sources)
        except StaleRecord:
            return decided(lambda: self._create_missing(batch, some), self.pause)
        return True

    def _create_missing(self, batch: Batch, some: Workflows) -> bool:
        if self.batches.load(batch.id).cancelled_at is not None:
            return False
        missing = self.missing(batch, some)
        self._commit(batch, missing, self._sources(missing))
        return True

    def _sources(self, workflows: Workflows) -> Sources:
        return self.definitions.load_many(sorted({new.definition_id for new in workflows.values()}))

    def _commit(self, batch: Batch, some: Workflows, sources: Sources) -> None:
        """Create those whose definition still serves."""
        transitions = [
            self._queued(batch, place, new, sources[new.definition_id])
            for place, new in some.items()
            if new.definition_id in sources and sources[new.definition_id].is_serving
        ]
        if transitions:
            self.instances.commit_new(transitions)

    def _queued(self, batch: Batch, place: int, new: NewInstance, source: Definition) -> InstanceTransition:
        caller, at = Caller(subject=batch.created_by, correlation_id=batch.correlation_id), batch.created_at
        asked = replace(new, priority=new.priority or batch.priority)
        member = replace(new_instance(caller, asked, source, batch.member(place), at=at), batch=batch.membership)
        created, happenings = lifecycle.created(member, input_variables=new.input_variables)
        after, more = lifecycle.queued(created, actor=batch.created_by, at=at, reason=BATCH)
        return instance_transition(None, after, (*happenings, *more), ids=self.ids, input_variables=new.input_variables)
