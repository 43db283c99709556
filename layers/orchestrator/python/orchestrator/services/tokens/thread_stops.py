"""Stopping side threads: first in the record, then what is open in them, then their executions."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from orchestrator.domain import task_lifecycle
from orchestrator.domain.instance import Instance
from orchestrator.domain.side_thread import SideThread, ThreadStatus
from orchestrator.ports.engine import WorkflowEngine
from orchestrator.ports.environment import Clock, Ids
from orchestrator.ports.instances import InstanceStore
from orchestrator.ports.threads import ThreadStore
from orchestrator.ports.transitions import ThreadChange, ThreadWrites
from orchestrator.services.tokens.thread_execution import ThreadExecutions
from orchestrator.services.tokens.withdrawal import Withdrawal
from orchestrator.services.unit_of_work import instance_transition

#: threads stopped in one transaction
STOPS_PER_TRANSACTION: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadStops:
    """Stops threads; what was cut off is finished by a repeated call, and by the reconciliation."""

    instances: InstanceStore
    threads: ThreadStore
    engine: WorkflowEngine
    clock: Clock
    ids: Ids

    def stop(self, instance: Instance, threads: Sequence[SideThread], *, by: str | None, reason: str) -> Instance:
        """Stop threads and cancel what is open in them (`by`: interrupted by this element); the instance then."""
        if not threads:
            return instance
        live = [thread for thread in threads if thread.is_live]
        for first in range(0, len(live), STOPS_PER_TRANSACTION):
            instance = self._marked(instance, live[first : first + STOPS_PER_TRANSACTION])
        instance = self._withdrawn(instance, {thread.id for thread in threads}, by, reason)
        executions = ThreadExecutions(threads=self.threads, engine=self.engine)
        executions.stop(instance, threads, cause=reason)
        return instance

    def _marked(self, instance: Instance, threads: Sequence[SideThread]) -> Instance:
        changes = tuple(ThreadChange(before=one, after=one.moved(ThreadStatus.STOPPED)) for one in threads)
        writes = ThreadWrites(threads=changes)
        transition = instance_transition(instance, instance, (), ids=self.ids, threads=writes)
        self.instances.commit(transition)
        return transition.after

    def _withdrawn(self, instance: Instance, threads: set[str], by: str | None, reason: str) -> Instance:
        work, at = self.instances.load_unanswered(instance.id), self.clock.now()
        inside = [task for task in work.tasks if task.entry.thread in threads]

        closing = (
            partial(task_lifecycle.cancelled, reason=reason, at=at)
            if by is None
            else partial(task_lifecycle.interrupted, handler_id=by, reason=reason, at=at)
        )
        withdrawal = Withdrawal(instances=self.instances, ids=self.ids)
        return withdrawal.close(work.instance, inside, closing, at=at) if inside else work.instance
