"""The watch that follows a watch whose event has happened, for the next time (docs/design-notes.md, section 13).

It waits from the transaction on that ended the wait of the first: so there is no moment in which nobody waits. Its
execution finds that wait when it comes to it, and the answer if the event has happened once more by then.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from orchestrator.domain.ids import ROOT_THREAD, ThreadId, task_id, thread_id
from orchestrator.domain.instance import Instance
from orchestrator.domain.side_thread import SideThread, Watch
from orchestrator.domain.task import Task
from orchestrator.ports.engine import WorkflowEngine
from orchestrator.ports.threads import ThreadStore
from orchestrator.ports.transitions import TaskTransition, ThreadChange, ThreadWrites
from orchestrator.services.tokens.answers import epoch_ms
from orchestrator.services.tokens.thread_execution import ThreadExecutions


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """A watch that begins, and its wait; both hold only if the group is as it was."""

    writes: ThreadWrites
    wait: TaskTransition

    @property
    def thread(self) -> SideThread:
        """The thread that begins."""
        return self.writes.threads[0].after


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowingWatches:
    """Says what follows a wait, and starts it once that is written."""

    threads: ThreadStore
    engine: WorkflowEngine

    def after(self, wait: Task, *, at: datetime) -> Following | None:
        """What follows a wait that an event is about to end; None: it is not that of a watch, or its host has ended."""
        if wait.entry.thread == ROOT_THREAD:
            return None
        thread = self.threads.load(wait.instance_id, ThreadId(wait.entry.thread))
        if thread is None or thread.watch is None or not thread.is_live or thread.watch.event != wait.element_id:
            return None
        group = self.threads.load_group(wait.instance_id, thread.group.key).group
        if group is None:
            return None
        change = following(self.threads, thread, thread.watch, clock=epoch_ms(at), at=at)
        writes = ThreadWrites(before=group, group=group.changed(), threads=(change,))
        opened = TaskTransition(before=None, after=_opened(wait, change.after, at), input_data={})
        return Following(writes=writes, wait=opened)

    def start(self, instance: Instance, begun: Following) -> None:
        """Start the execution of a watch that has been written."""
        ThreadExecutions(threads=self.threads, engine=self.engine).start(instance, begun.thread)


def following_id(thread: SideThread) -> ThreadId:
    """The watch that follows a watch: one id, whoever begins it."""
    return thread_id(thread.id, "next")


def following(threads: ThreadStore, thread: SideThread, watch: Watch, *, clock: int, at: datetime) -> ThreadChange:
    """Begin the watch for the next time, which sees the variables that the first saw; `clock`: when it happened."""
    turn = watch.turn + 1
    order = f"{thread.order.partition('~')[0]}~{turn:06}"
    begun = replace(
        thread,
        id=following_id(thread),
        order=order,
        started_at=at,
        watch=replace(watch, turn=turn),
        runs=1,
        rebuilds=0,
        rebuilt_at_sequence=0,
    )
    token = threads.token(thread.instance_id, thread.id)
    return ThreadChange(before=None, after=begun, token={**token, "clock": clock, "order": order, "turn": turn})


def _opened(wait: Task, thread: SideThread, at: datetime) -> Task:
    """The same wait in another thread; its token comes later, and its conditions have to become false before."""
    entry = replace(wait.entry, thread=thread.id)
    key = task_id(
        wait.instance_id,
        thread=entry.thread,
        scope=entry.scope,
        element_id=entry.element_id,
        occurrence=entry.occurrence,
    )
    subscriptions = tuple(replace(one, spent=one.is_condition) for one in wait.subscriptions)
    return replace(wait, id=key, entry=entry, subscriptions=subscriptions, created_at=at, updated_at=at, revision=0)
