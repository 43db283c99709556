"""Closing many entries of an instance at once, in as many transactions as they need."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from orchestrator.domain import instance_lifecycle, task_lifecycle
from orchestrator.domain.events import Happening
from orchestrator.domain.instance import Instance
from orchestrator.domain.task import Task
from orchestrator.ports.environment import Ids
from orchestrator.ports.instances import InstanceStore
from orchestrator.ports.transitions import ScopeMark, TaskTransition
from orchestrator.services.unit_of_work import instance_transition

#: entries closed in one transaction; each takes up to three writes, and two for each of its subscriptions
ENTRIES_PER_TRANSACTION: Final = 20
_SUBSCRIPTIONS_PER_TRANSACTION: Final = 15
Closing = Callable[[Task], task_lifecycle.Transition]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Closes entries that the machine has left or leaves by itself: their tokens need no answer."""

    instances: InstanceStore
    ids: Ids

    def close(
        self,
        instance: Instance,
        entries: Sequence[Task],
        closing: Closing,
        *,
        at: datetime,
        events: tuple[Happening, ...] = (),
        mark: ScopeMark | None = None,
    ) -> Instance:
        """Close entries; what else happened goes with the last transaction. The instance as it is then."""
        *first, last = portions(entries)
        for some in first:
            instance = self._commit(instance, some, closing, at=at)
        return self._commit(instance, last, closing, at=at, events=events, mark=mark)

    def all_open(self, instance: Instance, *, reason: str, at: datetime) -> Instance:
        """Cancel everything unanswered in an instance that is about to end; the instance as it is then."""
        work = self.instances.load_unanswered(instance.id)
        if not work.tasks:
            return work.instance
        return self.close(
            work.instance, work.tasks, lambda task: task_lifecycle.cancelled(task, reason=reason, at=at), at=at
        )

    def _commit(
        self,
        instance: Instance,
        entries: Sequence[Task],
        closing: Closing,
        *,
        at: datetime,
        events: tuple[Happening, ...] = (),
        mark: ScopeMark | None = None,
    ) -> Instance:
        changes: list[TaskTransition] = []
        for before in entries:
            after, happenings = closing(before)
            changes.append(TaskTransition(before=before, after=after, is_answered=True))
            events += happenings if after.is_work else ()
        transition = instance_transition(
            instance, accounted(instance, changes, at=at), events, ids=self.ids, tasks=tuple(changes), mark=mark
        )
        self.instances.commit(transition)
        return transition.after


def portions(entries: Sequence[Task]) -> Iterator[list[Task]]:
    """The entries in portions that a transaction takes; at least one, perhaps empty."""
    some: list[Task] = []
    for entry in entries:
        waiting = sum(len(task.subscriptions) for task in (*some, entry))
        if some and (len(some) == ENTRIES_PER_TRANSACTION or waiting > _SUBSCRIPTIONS_PER_TRANSACTION):
            yield some
            some = []
        some.append(entry)
    yield some


def accounted(instance: Instance, changes: Sequence[TaskTransition], *, at: datetime) -> Instance:
    """Progress brought up to date; an instance that one of these tasks had failed goes on."""
    counted = instance_lifecycle.accounted(instance, [(c.before, c.after) for c in changes], at=at)
    failed_by = instance.failure.failed_task_id if instance.failure else None
    if failed_by is not None and failed_by in {change.after.id for change in changes}:
        return instance_lifecycle.revived(counted, at=at)
    return counted
