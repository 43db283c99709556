"""How watches end whose host has ended: the record says whether their event happened before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from orchestrator.domain import task_lifecycle
from orchestrator.domain.side_thread import SideThread, ThreadStatus, Watch
from orchestrator.domain.task import UNANSWERED, Entry, TaskStatus
from orchestrator.ports import TaskTransition, TaskUnit, ThreadChange
from orchestrator.services.dispatch import TaskDispatcher, identity


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchEnd:
    """What becomes of a watch, and of the wait in which it may be."""

    change: ThreadChange
    waits: tuple[TaskTransition, ...] = ()
    happened: bool = False


def watch_ends(runtime: TaskDispatcher, watches: Iterable[SideThread]) -> Iterator[WatchEnd]:
    """Yield the ends of watches; each holds only if its thread, its wait and the instance stay as they are."""
    for thread in watches:
        if thread.watch is not None:
            yield _end(runtime, thread, thread.watch)


def _end(runtime: TaskDispatcher, thread: SideThread, watch: Watch) -> WatchEnd:
    unit = _waiting(runtime, thread, watch)
    if unit.task is not None and unit.task.status is TaskStatus.COMPLETED:
        return WatchEnd(change=ThreadChange(before=thread, after=replace(thread, watch=None)), happened=True)
    stopped = ThreadChange(before=thread, after=thread.moved(ThreadStatus.STOPPED))
    if unit.task is None or unit.task.status not in UNANSWERED:
        return WatchEnd(change=stopped)
    over, _ = task_lifecycle.cancelled(unit.task, reason="withdrawn", at=runtime.clock.now())
    return WatchEnd(change=stopped, waits=(TaskTransition(before=unit.task, after=over, is_answered=True),))


def _waiting(runtime: TaskDispatcher, thread: SideThread, watch: Watch) -> TaskUnit:
    """The wait for a message or signal; timers, and watches that were not there yet, have none."""
    entry = Entry(thread=thread.id, scope=thread.group.scope, element_id=watch.event, occurrence=0)
    return runtime.tasks.load_unit(thread.instance_id, identity(thread.instance_id, entry))
