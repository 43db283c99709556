"""How watches end whose host has ended: the record says whether their event happened before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from orchestrator.domain import task_lifecycle
from orchestrator.domain.side_thread import SideThread, ThreadStatus, Watch
from orchestrator.domain.task import UNANSWERED, Entry, Task, TaskStatus
from orchestrator.ports.tasks import TaskUnit
from orchestrator.ports.transitions import TaskTransition, ThreadChange
from orchestrator.services.machines.dispatch import Arrival, Call, TaskDispatcher, identity

#: what waits in the machine alone
_TIMERS: Final = ["timer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchEnd:
    """What becomes of a watch, and of the wait in which it may be."""

    change: ThreadChange
    waits: tuple[TaskTransition, ...] = ()
    happened: bool = False


def watch_ends(runtime: TaskDispatcher, call: Call, watches: Iterable[SideThread]) -> Iterator[WatchEnd]:
    """Yield the ends of watches; each holds only if its thread, its wait and the instance stay as they are."""
    for thread in watches:
        if thread.watch is not None:
            yield _end(runtime, call, thread, thread.watch)


def _end(runtime: TaskDispatcher, call: Call, thread: SideThread, watch: Watch) -> WatchEnd:
    entry = Entry(thread=thread.id, scope=thread.group.scope, element_id=watch.event, occurrence=0)
    unit = runtime.tasks.load_unit(thread.instance_id, identity(thread.instance_id, entry))
    if unit.task is not None and unit.task.status is TaskStatus.COMPLETED:
        return WatchEnd(change=ThreadChange(before=thread, after=replace(thread, watch=None)), happened=True)
    stopped = ThreadChange(before=thread, after=thread.moved(ThreadStatus.STOPPED))
    wait = unit.task or _unseen(runtime, call, unit, entry)
    if wait is None or wait.status not in UNANSWERED:
        return WatchEnd(change=stopped)
    over, _ = task_lifecycle.cancelled(wait, reason="withdrawn", at=runtime.clock.now())
    return WatchEnd(change=stopped, waits=(TaskTransition(before=unit.task, after=over, is_answered=True),))


def _unseen(runtime: TaskDispatcher, call: Call, unit: TaskUnit, entry: Entry) -> Task | None:
    """The wait of a watch that did not come to it, so that none comes later; timers have none."""
    if runtime.element(unit.instance, entry.element_id).properties.get("events") == _TIMERS:
        return None
    arrival = Arrival(element_id=entry.element_id, occurrence=entry.occurrence, token="", input_data={})
    return runtime.made(call, unit.instance, entry, arrival)
