"""Keeps executions and record together: lost executions are run again from the record, answers given again.

A second run of the machine arrives where the first was, because every answer is in the record. An execution
that was lost (aborted, vanished, never started) is rebuilt always; one that failed by itself is rebuilt a few
times, unless the instance progresses between, and then its instance fails.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from orchestrator.domain import instance_lifecycle
from orchestrator.domain.errors import NotFound
from orchestrator.domain.ids import ROOT_THREAD, InstanceId, ThreadId, execution_name
from orchestrator.domain.instance import LIVE, Failure, Instance, InstanceStatus
from orchestrator.ports.engine import ExecutionStatus, WorkflowEngine
from orchestrator.ports.environment import Bookmarks, Clock, Ids, Pause
from orchestrator.ports.instances import InstanceRecord, InstanceStore
from orchestrator.ports.tasks import TaskStore
from orchestrator.ports.threads import ThreadStore
from orchestrator.services.instances.instances import run
from orchestrator.services.machines.call_following import CallFollower
from orchestrator.services.tokens.answers import answer
from orchestrator.services.tokens.thread_execution import ThreadExecutions
from orchestrator.services.tokens.thread_repair import LOST, MOST_REBUILDS, Ended, ThreadRepair
from orchestrator.services.tokens.withdrawal import Withdrawal
from orchestrator.services.unit_of_work import decided, instance_transition


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionWatch:
    """Follows status changes of executions, and walks over all live instances from time to time."""

    instances: InstanceStore
    tasks: TaskStore
    threads: ThreadStore
    engine: WorkflowEngine
    bookmarks: Bookmarks
    calls: CallFollower
    clock: Clock
    ids: Ids
    pause: Pause
    page: int = 50

    def ended(self, execution: str, end: Ended) -> None:
        """An execution has ended: run its instance again, if the instance still lives on it."""
        lost = _parts(execution)
        with suppress(NotFound):
            if lost.thread is None:
                self._again(lost.instance_id, lost.run, end)
            else:
                self.repair.again(lost.instance_id, lost.thread, lost.run, end)

    def reconcile(self, has_time: Callable[[], bool]) -> int:
        """Compare live instances with their executions, as far as time allows; how many were looked at.

        Each status gets a page at least; the next call goes on where this one ran out of time.
        """
        seen = 0
        for status in sorted(LIVE):
            seen += self._walk(status, has_time)
        return seen

    def _walk(self, status: InstanceStatus, has_time: Callable[[], bool]) -> int:
        walk, seen = f"reconcile-{status}", 0
        cursor = self.bookmarks.load(walk)
        while True:
            page = self.instances.in_status(status, limit=self.page, cursor=cursor)
            for instance in page.items:
                self._compare(instance)
            seen += len(page.items)
            cursor = page.next_cursor
            if not page.has_more or not has_time():
                break
        self.bookmarks.save(walk, cursor)
        return seen

    def _compare(self, instance: Instance) -> None:
        if not instance.has_begun:
            return
        name = execution_name(instance.id, run=instance.runs)
        status = self.engine.status(state_machine_arn=instance.state_machine_arn, name=name)
        with suppress(NotFound):
            if instance.cancellation is not None:
                self._cancelling(instance, name)
            elif status is None:
                self._run(self.instances.load_record(instance.id))
            elif status in LOST:
                self._again(instance.id, instance.runs, Ended(status=status))
            else:
                self._answer_again(instance.id)
                self.calls.compare(instance)
            self.repair.compare(instance.id)

    def _cancelling(self, instance: Instance, execution: str) -> None:
        """The root has ended for the record: its execution is stopped. What compensates is a side thread."""
        self.engine.stop(state_machine_arn=instance.state_machine_arn, name=execution, cause="cancelled")
        self._answer_again(instance.id)
        self.calls.compare(instance)

    def _answer_again(self, instance_id: InstanceId) -> None:
        for unit in self.tasks.unanswered(instance_id):
            if unit.task is None:
                continue
            answer(self.engine, unit.task, token=unit.token, result=unit.result_data)
            self.tasks.confirm_answer(unit.task.id)

    def _again(self, instance_id: InstanceId, run_number: int, end: Ended) -> None:
        record = decided(lambda: self._rebuilt(instance_id, run_number, end), self.pause)
        if record is not None:
            self._run(record)

    def _rebuilt(self, instance_id: InstanceId, run_number: int, end: Ended) -> InstanceRecord | None:
        """The record of the instance to run again; None: there is nothing to run."""
        record = self.instances.load_record(instance_id)
        before, at = record.instance, self.clock.now()
        if (
            before.is_over_for(ROOT_THREAD)
            or before.status not in LIVE
            or not before.has_begun
            or run_number < before.runs
        ):
            return None
        by_itself = end.status is not ExecutionStatus.ABORTED
        after, happenings = instance_lifecycle.rebuilt(
            before, cause=end.error or end.status, by_itself=by_itself, at=at
        )
        if after.rebuilds > MOST_REBUILDS:
            self._given_up(before, end.failure(execution_name(instance_id, run=run_number)))
            return None
        transition = instance_transition(before, after, happenings, ids=self.ids)
        self.instances.commit(transition)
        return InstanceRecord(instance=transition.after, input_variables=record.input_variables)

    @property
    def repair(self) -> ThreadRepair:
        """Side threads are repaired as the root is."""
        return ThreadRepair(
            instances=self.instances,
            executions=ThreadExecutions(threads=self.threads, engine=self.engine),
            ids=self.ids,
            pause=self.pause,
            given_up=self._given_up,
        )

    def _given_up(self, instance: Instance, failure: Failure) -> None:
        """The instance fails, and what was open in it is withdrawn."""
        at = self.clock.now()
        withdrawal = Withdrawal(instances=self.instances, ids=self.ids)
        before = withdrawal.all_open(instance, reason="instance failed", at=at)
        after, happenings = instance_lifecycle.failed(instance_lifecycle.revived(before, at=at), failure, at=at)
        self.instances.commit(instance_transition(before, after, happenings, ids=self.ids))

    def _run(self, record: InstanceRecord) -> None:
        run(self.engine, record.instance, record.input_variables)


class _Lost(NamedTuple):
    """Which execution a name names: `<instance id>[.<side thread>][.<run>]`."""

    instance_id: InstanceId
    thread: ThreadId | None
    run: int


def _parts(execution: str) -> _Lost:
    instance_id, *rest = execution.split(".")
    thread = ThreadId(rest.pop(0)) if rest and not rest[0].isdigit() else None
    run_number = rest[0] if rest else ""
    return _Lost(InstanceId(instance_id), thread, int(run_number) if run_number.isdigit() else 1)
