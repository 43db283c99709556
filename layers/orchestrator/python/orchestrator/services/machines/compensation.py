"""Compensation: which completed activities are undone, and in which order, is decided by the record, once.

A second run of the machine is told the same, so it meets the tasks of the same handlers.
"""

from dataclasses import dataclass
from typing import Any

from orchestrator.domain.compensation import Compensation, Completion, Place, compensated, path_of
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.events import EventType
from orchestrator.domain.ids import ROOT_THREAD, ThreadId
from orchestrator.domain.side_thread import GroupPlace
from orchestrator.ports.activities import CompensationRecord, CompensationStore
from orchestrator.services.machines.dispatch import Call, TaskDispatcher
from orchestrator.services.tokens.answers import epoch_ms
from orchestrator.services.unit_of_work import decided, instance_transition


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """An entry that asks for the compensation of a scope, or of one activity of it.

    `within` says where the scope ran, `{"thread", "scope"}`; None: around the entry.
    """

    element_id: str
    occurrence: int
    scope: str
    activity: str | None = None
    within: JsonObject | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compensator:
    """Notes what the machine completed by itself, and decides what is undone."""

    dispatcher: TaskDispatcher
    record: CompensationStore

    def settle(self, call: Call, element_id: str, occurrence: int, snapshot: JsonObject) -> None:
        """Note that an entry of an activity which can be compensated is completed; repeatable."""
        decided(lambda: self._settled(call, element_id, occurrence, snapshot), self.dispatcher.pause)

    def _settled(self, call: Call, element_id: str, occurrence: int, snapshot: JsonObject) -> None:
        runtime = self.dispatcher
        key = call.key(element_id, occurrence)
        before = runtime.instances.load(call.instance_id)
        if before.is_over_for(call.thread) or self.record.is_settled(call.instance_id, key) or not runtime.lives(call):
            return
        before, trail = runtime.with_trail(call, before)
        completion = Completion(
            key=key,
            thread=call.thread,
            scope=call.scope,
            element_id=element_id,
            at=runtime.clock.now(),
            snapshot=snapshot,
        )
        transition = instance_transition(
            before, before, trail, ids=runtime.ids, completion=completion, alive=call.side_thread
        )
        runtime.instances.commit(transition)

    def compensate(self, call: Call, undoing: Undoing) -> dict[str, Any]:
        """The handlers that are due, the latest completion first: `{"handlers": [...], "clock"}`."""
        decision = decided(lambda: self._decided(call, undoing), self.dispatcher.pause)
        if decision is None:
            return {"handlers": [], "clock": call.clock}
        due = [
            {
                "handler": one.handler,
                "thread": one.thread,
                "scope": one.scope,
                "variables": one.variables,
            }
            for one in decision.due
        ]
        return {"handlers": due, "clock": epoch_ms(decision.at)}

    def _decided(self, call: Call, undoing: Undoing) -> Compensation | None:
        """What is undone; None: the instance or the thread that asks is over."""
        runtime = self.dispatcher
        before = runtime.instances.load(call.instance_id)
        record = self.record.load(call.instance_id)
        key = call.key(undoing.element_id, undoing.occurrence)
        known = next((one for one in record.compensations if one.key == key), None)
        if known is not None or before.is_over_for(call.thread) or not runtime.lives(call):
            return known
        before, trail = runtime.with_trail(call, before)
        due, undone = compensated(
            _place(call, undoing),
            record.completions,
            _undone(record),
            runtime.catalogue(before).compensables,
            lambda thread: self._group_of(call, thread),
        )
        decision = Compensation(key=key, at=runtime.clock.now(), due=due, undone=undone)
        name = runtime.element(before, undoing.element_id).name
        told = runtime.happening(before, EventType.COMPENSATION_TRIGGERED, undoing.element_id, {"element_name": name})
        transition = instance_transition(
            before, before, (*trail, told), ids=runtime.ids, compensation=decision, alive=call.side_thread
        )
        runtime.instances.commit(transition)
        return decision

    def _group_of(self, call: Call, thread: str) -> GroupPlace | None:
        if thread == ROOT_THREAD:
            return None
        found = self.dispatcher.threads.load(call.instance_id, ThreadId(thread))
        return None if found is None else found.group


def _undone(record: CompensationRecord) -> frozenset[str]:
    return frozenset(key for one in record.compensations for key in one.undone)


def _place(call: Call, undoing: Undoing) -> Place:
    within = undoing.within or {"thread": call.thread, "scope": path_of(call.scope, undoing.scope)}
    return Place(element_id=undoing.scope, thread=within["thread"], scope=within["scope"], activity=undoing.activity)
