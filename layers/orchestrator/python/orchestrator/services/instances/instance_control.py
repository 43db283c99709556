"""Use cases that steer instances: pause, resume, cancel, terminate (docs/lifecycles.md)."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from orchestrator.domain import instance_control, task_lifecycle
from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import Conflict, NotFound
from orchestrator.domain.ids import InstanceId
from orchestrator.domain.instance import RESOURCE, Instance, InstanceStatus
from orchestrator.domain.priority import Priority
from orchestrator.ports.activities import Relatives
from orchestrator.ports.engine import WorkflowEngine
from orchestrator.ports.environment import Clock, Ids, Pause
from orchestrator.ports.instances import InstanceStore
from orchestrator.ports.threads import ThreadStore
from orchestrator.ports.transitions import TaskTransition
from orchestrator.services.instances.cancellations import Cancellations
from orchestrator.services.tokens.thread_execution import ThreadExecutions
from orchestrator.services.tokens.withdrawal import ENTRIES_PER_TRANSACTION, Withdrawal
from orchestrator.services.unit_of_work import decided, instance_transition


@dataclass(frozen=True, slots=True, kw_only=True)
class Steered:
    """An instance before and after; `tasks`: how many were released or withdrawn with it."""

    before: Instance
    after: Instance
    tasks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceControlService:
    """Steers instances; each decision is one conditional write, so of two that meet exactly one wins."""

    instances: InstanceStore
    threads: ThreadStore
    engine: WorkflowEngine
    relatives: Relatives
    cancellations: Cancellations
    clock: Clock
    ids: Ids
    pause: Pause

    def hold(self, caller: Caller, instance_id: str, reason: str | None) -> Steered:
        """Pause: tasks that appear from now on are held; timers of the model go on.

        Raises:
            NotFound: no such instance that the caller may see.
            Conflict: it is not running (details: `instance_id`).
        """
        step = decided(lambda: self._held(caller, instance_id, reason), self.pause)
        self._each_called(step.after, lambda called: self.hold(caller, called, reason))
        return step

    def _held(self, caller: Caller, instance_id: str, reason: str | None) -> Steered:
        before = self._visible(caller, instance_id)
        caller.require_version(before.id, str(before.sequence))
        after, happenings = instance_control.paused(before, reason=reason, actor=caller.subject, at=self.clock.now())
        transition = instance_transition(before, after, happenings, ids=self.ids)
        self.instances.commit(transition)
        return Steered(before=before, after=transition.after)

    def resume(self, caller: Caller, instance_id: str, reason: str | None) -> Steered:
        """Resume: held tasks are handed out in the order in which they appeared; repeatable when it was cut off.

        Raises:
            NotFound: no such instance that the caller may see.
            Conflict: it is not paused (details: `instance_id`).
        """
        step = decided(lambda: self._resumed(caller, instance_id, reason), self.pause)
        released = step.tasks
        rest = replace(caller, expected=None)  # what follows is the same change
        while step.after.status is InstanceStatus.PAUSED:
            step = decided(lambda: self._resumed(rest, instance_id, reason), self.pause)
            released += step.tasks
        self._each_called(step.after, lambda called: self.resume(caller, called, reason))
        return Steered(before=step.before, after=step.after, tasks=released)

    def _resumed(self, caller: Caller, instance_id: str, reason: str | None) -> Steered:
        """Release some held tasks; the instance goes on with the last of them, in the same transaction."""
        self._visible(caller, instance_id)
        work, at = self.instances.load_open_work(instance_id), self.clock.now()
        caller.require_version(work.instance.id, str(work.instance.sequence))
        after, happenings = instance_control.resumed(work.instance, reason=reason, actor=caller.subject, at=at)
        held = [task for task in work.tasks if task.held]
        some = held[:ENTRIES_PER_TRANSACTION]
        if len(held) > len(some):
            after, happenings = work.instance, ()
        changes: list[TaskTransition] = []
        for task in some:
            released, told = task_lifecycle.released(task, at=at)
            changes.append(TaskTransition(before=task, after=released, is_answered=True))
            happenings += told
        transition = instance_transition(work.instance, after, happenings, ids=self.ids, tasks=tuple(changes))
        self.instances.commit(transition)
        return Steered(before=work.instance, after=transition.after, tasks=len(some))

    def prioritise(self, caller: Caller, instance_id: str, priority: Priority, reason: str | None) -> Steered:
        """Another priority: a queued instance changes its place at once.

        Raises:
            NotFound: no such instance that the caller may see.
            Conflict: it has ended (details: `instance_id`).
        """
        return decided(lambda: self._prioritised(caller, instance_id, priority, reason), self.pause)

    def _prioritised(self, caller: Caller, instance_id: str, priority: Priority, reason: str | None) -> Steered:
        before, at = self._visible(caller, instance_id), self.clock.now()
        caller.require_version(before.id, str(before.sequence))
        after, happenings = instance_control.prioritised(before, priority, reason=reason, actor=caller.subject, at=at)
        if not happenings:
            return Steered(before=before, after=before)
        transition = instance_transition(before, after, happenings, ids=self.ids)
        self.instances.commit(transition)
        return Steered(before=before, after=transition.after)

    def cancel(self, caller: Caller, instance_id: str, reason: str | None, *, compensate: bool = True) -> Steered:
        """Cancel: nobody needs the outcome any more. What was completed is compensated, where the model says by what.

        Then it goes on running until that is done; see `Cancellations`. Where there is nothing to undo it ends at
        once; see `_end`.
        """
        begun = self._compensated(caller, instance_id, reason) if compensate else None
        return begun or self._end(caller, instance_id, InstanceStatus.CANCELLED, reason)

    def _compensated(self, caller: Caller, instance_id: str, reason: str | None) -> Steered | None:
        begun = decided(
            lambda: self.cancellations.decide(caller, self._visible(caller, instance_id), reason), self.pause
        )
        if begun is None:
            return None
        after = self.cancellations.withdraw(begun.after)
        self._each_called(after, lambda called: self.cancel(caller, called, reason))
        self.cancellations.start(after)
        withdrawn = after.progress.cancelled - begun.after.progress.cancelled
        return Steered(before=begun.before, after=after, tasks=withdrawn)

    def terminate(self, caller: Caller, instance_id: str, reason: str | None) -> Steered:
        """Terminate: an operator ends what must not go on; see `_end`."""
        return self._end(caller, instance_id, InstanceStatus.TERMINATED, reason)

    def _end(self, caller: Caller, instance_id: str, end: InstanceStatus, reason: str | None) -> Steered:
        """Decide the end, withdraw what is open, stop the machine. A repeated call finishes what was cut off.

        Raises:
            NotFound: no such instance that the caller may see.
            Conflict: it has ended already, and nothing was left to do (details: `instance_id`).
        """
        step = decided(lambda: self._decided(caller, instance_id, end, reason), self.pause)
        after = decided(lambda: self._withdrawn(step.after, end), self.pause)
        withdrawn = after.progress.cancelled - step.after.progress.cancelled
        ThreadExecutions(threads=self.threads, engine=self.engine).stop_all(after, cause=reason or end)
        self._each_called(after, lambda called: self._end(caller, called, end, reason))
        self.relatives.ended(after)
        if step.before is step.after and after.sequence == step.after.sequence:
            raise Conflict(f"Workflow instance is already {end}", current_status=end, instance_id=after.id)
        return Steered(before=step.before, after=after, tasks=withdrawn)

    def _each_called(self, instance: Instance, steer: Callable[[InstanceId], object]) -> None:
        """What is asked of an instance holds for those that it called; one that stands otherwise is left alone."""
        for called in self.relatives.called_by(instance.id):
            with suppress(NotFound, Conflict):
                steer(called)

    def _decided(self, caller: Caller, instance_id: str, end: InstanceStatus, reason: str | None) -> Steered:
        before = self._visible(caller, instance_id)
        caller.require_version(before.id, str(before.sequence))
        if before.status is end:
            return Steered(before=before, after=before)
        if before.cancellation is not None and end is InstanceStatus.CANCELLED:
            raise instance_control.being_cancelled(before)
        after, happenings = instance_control.ended(
            before, end, reason=reason, actor=caller.subject, at=self.clock.now()
        )
        transition = instance_transition(before, after, happenings, ids=self.ids)
        self.instances.commit(transition)
        return Steered(before=before, after=transition.after)

    def _withdrawn(self, instance: Instance, end: InstanceStatus) -> Instance:
        withdrawal = Withdrawal(instances=self.instances, ids=self.ids)
        return withdrawal.all_open(instance, reason=f"instance {end}", at=self.clock.now())

    def _visible(self, caller: Caller, instance_id: str) -> Instance:
        instance = self.instances.load(instance_id)
        if not caller.sees(instance.project_id):
            raise NotFound(RESOURCE, instance_id)
        return instance
