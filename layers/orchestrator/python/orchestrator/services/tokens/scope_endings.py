"""Scopes that end before their time: what is open below a scope path of a thread, side threads included, ends with it.

Whoever ends a scope decides so in one transaction (a mark in the record); what that transaction could not take, and
what a token inside began before it was stopped, is cleared afterwards, as often as it is asked for.
"""

from dataclasses import dataclass
from functools import partial

from orchestrator.domain import task_lifecycle
from orchestrator.domain.ids import InstanceId
from orchestrator.domain.instance import Instance
from orchestrator.domain.side_thread import SideThread, is_below, threads_below
from orchestrator.domain.task import Task
from orchestrator.ports.engine import WorkflowEngine
from orchestrator.ports.environment import Clock, Ids
from orchestrator.ports.instances import InstanceStore
from orchestrator.ports.threads import ThreadStore
from orchestrator.services.tokens.thread_stops import ThreadStops
from orchestrator.services.tokens.withdrawal import Withdrawal


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopePath:
    """A scope path of one thread of an instance."""

    instance_id: InstanceId
    thread: str
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What is open in a scope: entries of its own thread and of the side threads below it."""

    instance: Instance
    entries: tuple[Task, ...]
    threads: tuple[SideThread, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeEndings:
    """Finds what is open in a scope, and ends it."""

    instances: InstanceStore
    threads: ThreadStore
    engine: WorkflowEngine
    clock: Clock
    ids: Ids

    def inside(self, path: ScopePath) -> Inside:
        """What is open below a path: one Query of what is unanswered, one of the running threads."""
        threads = threads_below(self.threads.running(path.instance_id), path.thread, path.scope)
        names = {thread.id for thread in threads}
        work = self.instances.load_unanswered(path.instance_id)
        entries = tuple(task for task in work.tasks if is_inside(task, path) or task.entry.thread in names)
        return Inside(instance=work.instance, entries=entries, threads=threads)

    def clear(self, path: ScopePath, *, by: str, reason: str) -> None:
        """Stop threads and withdraw entries in a scope that element `by` has ended; repeatable."""
        found = self.inside(path)
        if found.instance.is_final:
            return
        self.thread_stops.stop(found.instance, found.threads, by=by, reason=reason)
        rest, at = self.inside(path), self.clock.now()
        if rest.entries:
            closing = partial(task_lifecycle.interrupted, handler_id=by, reason=reason, at=at)
            withdrawal = Withdrawal(instances=self.instances, ids=self.ids)
            withdrawal.close(rest.instance, rest.entries, closing, at=at)

    def withdraw_late(self, path: ScopePath) -> None:
        """What has just begun at a path ends at once, where a scope around it was interrupted meanwhile.

        An interruption writes its mark before it looks for what is open, a token its entry before it looks for marks:
        so of the two that meet, one sees the other.
        """
        for end in self.instances.ends(path.instance_id, path.thread):
            if end.is_interruption and is_below(path.scope, end.scope):
                over = ScopePath(instance_id=path.instance_id, thread=path.thread, scope=end.scope)
                self.clear(over, by=end.element_id, reason="interrupted")

    @property
    def thread_stops(self) -> ThreadStops:
        """Stops threads."""
        return ThreadStops(
            instances=self.instances, threads=self.threads, engine=self.engine, clock=self.clock, ids=self.ids
        )


def is_inside(task: Task, path: ScopePath) -> bool:
    """Tell whether an entry of the path's own thread is below the path."""
    return task.entry.thread == path.thread and is_below(task.entry.scope, path.scope)
