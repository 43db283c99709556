"""Workers that fetch their tasks: a claim gives tasks of services to a worker, under a lock that runs out."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import Conflict, InvalidRequest, NotFound
from orchestrator.domain.priority import Priority
from orchestrator.domain.resources.service import Delivery
from orchestrator.domain.task import Lock, Task
from orchestrator.domain.task_lifecycle import Transition
from orchestrator.domain.task_lock import claimed, extended, unlocked
from orchestrator.ports.conflicts import StaleRecord
from orchestrator.ports.directory import Directory
from orchestrator.ports.tasks import TaskRecord
from orchestrator.ports.transitions import TaskTransition
from orchestrator.services.tasks.tasks import TaskService
from orchestrator.services.unit_of_work import decided

#: due tasks of a service that are looked at: of these the more urgent go first
LOOKED_AT: Final = 100
#: between two looks of one who waits, in milliseconds: from the first to the longest it doubles
FIRST_PAUSE: Final = 100
LONGEST_PAUSE: Final = 1_000
_URGENCY: Final = {priority: place for place, priority in enumerate(reversed(Priority))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Up to `most` tasks of `services` for a worker, locked for `lock`; without any it waits for `patience`."""

    worker_id: str
    services: tuple[str, ...]
    most: int
    lock: timedelta
    patience: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimService:
    """Each claim is one conditional write: of workers that want the same task one gets it."""

    tasks: TaskService
    directory: Directory

    def claim(self, caller: Caller, wish: Claim) -> tuple[TaskRecord, ...]:
        """Tasks that are the worker's now, the most urgent first, with their input; none: there was nothing to do.

        Raises:
            InvalidRequest: a service is not registered, or its tasks are not claimed.
        """
        self._check(wish.services)
        end, pause = self.tasks.clock.now() + wish.patience, FIRST_PAUSE
        while not (found := self._claimed(caller, wish)):
            left = (end - self.tasks.clock.now()) / timedelta(milliseconds=1)
            if left <= 0:
                break
            self.tasks.pause.wait(min(pause, left))
            pause = min(2 * pause, LONGEST_PAUSE)
        return tuple(self.tasks.tasks.load(task.id) for task in found)

    def extend(self, caller: Caller, task_id: str, worker_id: str, lasting: timedelta) -> Task:
        """Lock a task for so long from now.

        Raises:
            NotFound: no such task that the caller may see.
            Conflict: the worker does not have it.
        """
        return self._changed(
            caller, task_id, lambda task, at: (extended(task, Lock(worker_id=worker_id, until=at + lasting), at=at), ())
        )

    def release(self, caller: Caller, task_id: str, worker_id: str) -> Task:
        """Give a task back. Raises as `extend`."""
        return self._changed(caller, task_id, lambda task, at: (unlocked(task, worker_id, at=at), ()))

    def _check(self, services: tuple[str, ...]) -> None:
        for place, name in enumerate(services):
            service = self.directory.service(name)
            if service is None or service.delivery is not Delivery.CLAIM:
                raise InvalidRequest(f"topics.{place}", f"'{name}' is no service whose tasks are claimed")

    def _claimed(self, caller: Caller, wish: Claim) -> list[Task]:
        now, found = self.tasks.clock.now(), list[Task]()
        due = [task for name in wish.services for task in self.tasks.tasks.due_work(name, now=now, most=LOOKED_AT)]
        for task in sorted(due, key=lambda task: (_URGENCY[task.priority], task.created_at)):
            if len(found) == wish.most:
                break
            with suppress(NotFound, Conflict, StaleRecord):  # the list is of a moment ago: it is somebody else's
                found.append(self._change(caller, task.id, lambda one, at: _taken(one, wish, at)))
        return found

    def _changed(self, caller: Caller, task_id: str, change: Callable[[Task, datetime], Transition]) -> Task:
        return decided(lambda: self._change(caller, task_id, change), self.tasks.pause)

    def _change(self, caller: Caller, task_id: str, change: Callable[[Task, datetime], Transition]) -> Task:
        unit, before = self.tasks.workable(caller, task_id)
        after, happenings = change(before, self.tasks.clock.now())
        self.tasks.commit(unit, TaskTransition(before=before, after=after, token=unit.token), happenings)
        return after


def _taken(task: Task, wish: Claim, at: datetime) -> Transition:
    service = task.assignment.assigned_to.service_name if task.assignment else None
    if service not in wish.services:
        raise Conflict("Task has another performer", current_status=task.status, task_id=task.id)
    return claimed(task, Lock(worker_id=wish.worker_id, until=at + wish.lock), at=at)
