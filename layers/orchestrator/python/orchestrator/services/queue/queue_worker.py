"""Admission from the queue: whoever is next starts as soon as there is a slot for it."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from orchestrator.domain import instance_lifecycle as lifecycle
from orchestrator.domain.admission import Pool, Slot
from orchestrator.domain.errors import NotFound, Unavailable
from orchestrator.domain.ids import InstanceId
from orchestrator.domain.instance import InstanceStatus
from orchestrator.ports.admission import Queue, SlotBook, SlotPlan, Waiting
from orchestrator.ports.conflicts import NoSlot
from orchestrator.ports.engine import WorkflowEngine
from orchestrator.ports.environment import Clock, Ids, Pause
from orchestrator.ports.instances import InstanceRecord, InstanceStore
from orchestrator.services.instances.instances import run
from orchestrator.services.slots.free_slots import FreeSlots, entitlement
from orchestrator.services.slots.line import Line
from orchestrator.services.unit_of_work import decided, instance_transition

#: places that one round looks at; beyond, nobody is admitted out of turn
MOST_LOOKED_AT: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Who was admitted, in order; `has_more`: time was up before everybody had a turn."""

    admitted: tuple[InstanceId, ...]
    has_more: bool


@dataclass(slots=True)
class _Walk:
    """What a round knows: free slots, who was admitted, and the pools that somebody waits for."""

    free: FreeSlots
    admitted: list[InstanceId] = field(default_factory=list[InstanceId])
    awaited: dict[str, Pool] = field(default_factory=dict[str, Pool])


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueWorker:
    """Walks the queue in order. Rounds may overlap and be repeated: each admission is one conditional write."""

    queue: Queue
    book: SlotBook
    plan: SlotPlan
    instances: InstanceStore
    engine: WorkflowEngine
    clock: Clock
    ids: Ids
    pause: Pause

    def admit(self, has_time: Callable[[], bool]) -> Round:
        """Give everybody a turn who waits; who finds no slot is passed over, and keeps newcomers from its pools."""
        walk, line = _Walk(FreeSlots(self.book)), Line.of(self.queue)
        for looked_at, waiting in enumerate(line):
            if not has_time():
                return Round(admitted=tuple(walk.admitted), has_more=True)
            if not self._turn(waiting, walk, line):
                walk.awaited |= {pool.name: pool for pool in self._pools(waiting) if walk.free.is_full(pool)}
                if looked_at >= MOST_LOOKED_AT or self._is_full(walk.free):
                    line.leave_all()
        self._gates(walk, opens=line.was_walked)
        line.close_empty()
        return Round(admitted=tuple(walk.admitted), has_more=False)

    def _pools(self, waiting: Waiting) -> tuple[Pool, ...]:
        return entitlement(self.plan, waiting).pools

    def _is_full(self, free: FreeSlots) -> bool:
        return all(free.is_full(pool) for pool in self.plan.all())

    def _turn(self, waiting: Waiting, walk: _Walk, line: Line) -> bool:
        """One instance's turn; False: there was no slot for it."""
        wanted = entitlement(self.plan, waiting)
        while (slots := walk.free.choose(wanted, newcomer=False)) is not None:
            try:
                record = decided(lambda held=slots: self._admitted(waiting.instance_id, held), self.pause)
            except NoSlot:
                walk.free.forget(slots)
                continue
            if record is not None:
                walk.free.take(slots)
                walk.admitted.append(waiting.instance_id)
                with suppress(Unavailable):  # the execution watch starts it later
                    run(self.engine, record.instance, record.input_variables)
            return True
        if any(walk.free.is_full(bound) for bound in wanted.bounds):
            line.leave(waiting.batch_id)
        return False

    def _admitted(self, instance_id: InstanceId, slots: tuple[Slot, ...]) -> InstanceRecord | None:
        """The record of the instance that runs now; None: it is not in the queue any more."""
        try:
            record = self.instances.load_record(instance_id)
        except NotFound:
            return None
        before = record.instance
        if before.status is not InstanceStatus.QUEUED or before.queueing is None:
            return None
        after, happenings = lifecycle.started(before, slots=slots, actor=before.queueing.by, at=self.clock.now())
        transition = instance_transition(before, after, happenings, ids=self.ids)
        self.instances.commit(transition)
        return InstanceRecord(instance=transition.after, input_variables=record.input_variables)

    def _gates(self, walk: _Walk, *, opens: bool) -> None:
        """Newcomers queue at pools that somebody waits for; at the others they need not, if all were looked at."""
        walk.free.shut(tuple(walk.awaited.values()), shut=True)
        if opens:
            walk.free.shut(_others(self.plan.all(), walk.awaited), shut=False)


def _others(pools: Iterable[Pool], awaited: dict[str, Pool]) -> tuple[Pool, ...]:
    return tuple(pool for pool in pools if pool.name not in awaited)
