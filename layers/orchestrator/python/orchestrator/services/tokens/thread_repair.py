"""Side threads whose executions were lost or failed: run again from the record, as root threads are."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from orchestrator.domain.ids import InstanceId, ThreadId, execution_name
from orchestrator.domain.instance import LIVE, Failure, Instance
from orchestrator.domain.side_thread import SideThread
from orchestrator.ports.engine import ExecutionStatus
from orchestrator.ports.environment import Ids, Pause
from orchestrator.ports.instances import InstanceStore
from orchestrator.ports.transitions import ThreadChange, ThreadWrites
from orchestrator.services.tokens.thread_execution import ThreadExecutions
from orchestrator.services.unit_of_work import decided, instance_transition

#: runs of one thread that failed by themselves, without progress of the instance between them
MOST_REBUILDS: Final = 3
LOST: Final = frozenset({ExecutionStatus.FAILED, ExecutionStatus.TIMED_OUT, ExecutionStatus.ABORTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """An execution that has ended otherwise than by success, and why; `cause` is for the log alone."""

    status: ExecutionStatus
    error: str | None = None
    cause: str | None = None

    def failure(self, execution: str) -> Failure:
        """What callers are told of a fault of ours: a sentence, and where the log says more.

        The code is Step Functions' own where it has one (`States.Runtime`); names of exceptions stay in the log.
        """
        reason = (
            f"The workflow could not go on: its execution {execution} ended as {self.status} again and again. "
            "The log of the service has the details under this name."
        )
        own = self.error is not None and self.error.startswith("States.")
        return Failure(reason=reason, error_code=self.error if own and self.error else "EXECUTION_FAILED")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRepair:
    """Repairs side threads; an instance whose thread keeps failing is `given_up`."""

    instances: InstanceStore
    executions: ThreadExecutions
    ids: Ids
    pause: Pause
    given_up: Callable[[Instance, Failure], None]

    def compare(self, instance_id: InstanceId) -> None:
        """Compare the threads of an instance with their executions."""
        running = self.executions.threads.running(instance_id)
        instance = self.instances.load(instance_id) if running else None
        if instance is None:
            return
        for thread in running:
            if instance.is_final or not thread.is_live:
                self.executions.stop(instance, [thread], cause="stopped")
                continue
            name = execution_name(instance.id, run=thread.runs, thread=thread.id)
            status = self.executions.engine.status(state_machine_arn=instance.state_machine_arn, name=name)
            if status is None:
                self.executions.start(instance, thread)
            elif status in LOST:
                self.again(instance.id, thread.id, thread.runs, Ended(status=status))

    def again(self, instance_id: InstanceId, thread: ThreadId, run: int, end: Ended) -> None:
        """Run a thread again whose execution has ended, if it still lives on that execution."""
        decided(lambda: self._again(instance_id, thread, run, end), self.pause)

    def _again(self, instance_id: InstanceId, thread_id: ThreadId, run: int, end: Ended) -> None:
        instance = self.instances.load(instance_id)
        before = self.executions.threads.load(instance_id, thread_id)
        if before is None or not before.is_live or instance.status not in LIVE or instance.is_final:
            return
        if run < before.runs:
            return
        after = _rebuilt(before, instance, by_itself=end.status is not ExecutionStatus.ABORTED)
        if after.rebuilds > MOST_REBUILDS:
            self.given_up(instance, end.failure(execution_name(instance_id, run=run, thread=thread_id)))
            self.executions.stop_all(instance, cause=end.error or end.status)
            return
        writes = ThreadWrites(threads=(ThreadChange(before=before, after=after),))
        self.instances.commit(instance_transition(instance, instance, (), ids=self.ids, threads=writes))
        self.executions.start(instance, after)


def _rebuilt(thread: SideThread, instance: Instance, *, by_itself: bool) -> SideThread:
    progressed = instance.sequence > thread.rebuilt_at_sequence
    rebuilds = (0 if progressed else thread.rebuilds) + by_itself
    return replace(thread, runs=thread.runs + 1, rebuilds=rebuilds, rebuilt_at_sequence=instance.sequence)
