"""The same for many instances: cancel, or another priority. What a request has no time for is left to the worker."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Final

from orchestrator.domain.bulk import Action, Job, Steering
from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import OrchestratorError, Unavailable
from orchestrator.domain.ids import InstanceId
from orchestrator.domain.instance import Instance
from orchestrator.domain.priority import Priority
from orchestrator.domain.rejection import Rejection
from orchestrator.ports.admission import WorkerQueue
from orchestrator.ports.environment import Clock
from orchestrator.ports.instances import InstanceQuery, InstanceStore
from orchestrator.ports.paging import Page
from orchestrator.services.instances.instance_control import InstanceControlService, Steered

#: instances that one call concerns
MOST: Final = 1_000
#: how long a request works before it leaves the rest to the worker
WORKING: Final = timedelta(seconds=12)
_JOB: Final = 10
_PAGE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of each instance; `left` is done by the worker. `has_more`: more matched than one call concerns."""

    done: tuple[Steered, ...]
    refused: Mapping[InstanceId, Rejection]
    left: tuple[InstanceId, ...]
    has_more: bool = False

    @property
    def total(self) -> int:
        """All that the call concerned."""
        return len(self.done) + len(self.refused) + len(self.left)


@dataclass(frozen=True, slots=True)
class Selection:
    """Instances that a filter found; `has_more` as in `Outcome`."""

    instance_ids: tuple[InstanceId, ...]
    has_more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkService:
    """Steers instances one by one; one that refuses does not keep the others from it."""

    control: InstanceControlService
    instances: InstanceStore
    queue: WorkerQueue
    clock: Clock

    def select(self, caller: Caller, query: InstanceQuery) -> Selection:
        """Instances that have not ended, of the caller's projects, that match.

        Those that have not begun come first: cancelling one that runs would let one of them begin.
        """
        found, page = list[Instance](), Page(limit=_PAGE)
        while True:
            listing = self.instances.list(replace(query, visible_projects=caller.project_ids), page)
            found += [instance for instance in listing.items if not instance.is_final]
            if len(found) > MOST or not listing.has_more:
                found.sort(key=lambda instance: instance.has_begun)
                return Selection(tuple(instance.id for instance in found[:MOST]), has_more=len(found) > MOST)
            page = Page(limit=_PAGE, cursor=listing.next_cursor)

    def steer(self, caller: Caller, selection: Selection, steering: Steering) -> Outcome:
        """Do it to each, as far as time allows."""
        until = self.clock.now() + WORKING
        done, refused, left = list[Steered](), dict[InstanceId, Rejection](), list[InstanceId]()
        for identity in dict.fromkeys(selection.instance_ids):
            if self.clock.now() >= until:
                left.append(identity)
                continue
            try:
                done.append(self._one(caller, identity, steering))
            except Unavailable:
                left.append(identity)
            except OrchestratorError as error:
                refused[identity] = Rejection.of(error)
        self._leave(caller, left, steering)
        return Outcome(done=tuple(done), refused=refused, left=tuple(left), has_more=selection.has_more)

    def carry_out(self, job: Job, has_time: Callable[[], bool]) -> None:
        """Do what a request left, and leave again what there is no time for.

        What has become impossible meanwhile is passed over.

        Raises:
            Unavailable: a part does not answer; do it again.
        """
        for place, identity in enumerate(job.instance_ids):
            if not has_time():
                self._leave(job.caller, job.instance_ids[place:], job.steering)
                return
            try:
                self._one(job.caller, identity, job.steering)
            except Unavailable:
                raise
            except OrchestratorError:
                continue

    def _one(self, caller: Caller, instance_id: InstanceId, steering: Steering) -> Steered:
        match steering.action:
            case Action.CANCEL:
                return self.control.cancel(caller, instance_id, steering.reason)
            case Action.PRIORITISE:
                priority = steering.priority or Priority.MEDIUM
                return self.control.prioritise(caller, instance_id, priority, steering.reason)

    def _leave(self, caller: Caller, left: Sequence[InstanceId], steering: Steering) -> None:
        rest = iter(left)
        jobs = list[Job]()
        while some := tuple(islice(rest, _JOB)):
            jobs.append(Job(steering=steering, caller=caller, instance_ids=some))
        if jobs:
            self.queue.send(jobs)
