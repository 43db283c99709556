"""Watches: side threads that wait for what may happen beside an activity or scope that goes on (BPMN 13.5.3).

A watch is no token until its event happens; that, and the end of its host, are decided by the version of the group.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.side_thread import Ahead, GroupPlace, SideThread, Watch
from orchestrator.domain.task import Entry
from orchestrator.ports.transitions import ThreadChange
from orchestrator.services.machines.dispatch import Call, identity
from orchestrator.services.machines.keeping import Keeper
from orchestrator.services.machines.threads import Step, Threads
from orchestrator.services.publications.following_watches import following, following_id
from orchestrator.services.tokens.scope_endings import ScopePath
from orchestrator.services.unit_of_work import decided

#: the kind of event that no wait of the record tells of
_TIMER = "timer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Triggered:
    """What a watch reports: its event has happened, of this kind; `again`: it may once more.

    `ahead` is what the token can reach that it is from then on.
    """

    event: str
    kind: str
    again: bool
    ahead: Ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Watches:
    """Decides whether an event came before the end of its host."""

    threads: Threads
    keeper: Keeper

    def trigger(self, call: Call, place: GroupPlace, triggered: Triggered) -> dict[str, Any]:
        """A watch becomes a token, and the next watch begins; what the machine is answered.

        `{"happened": true, "kept": what was written in its scope by then}`; `{"happened": false}`: its host ended
        before. What was answered once is answered again.
        """
        at = decided(lambda: self._triggered(call, place, triggered), self.threads.dispatcher.pause)
        if at is None:
            return {"happened": False}
        path = ScopePath(instance_id=call.instance_id, thread=place.host, scope=place.scope)
        return {"happened": True, "kept": self.keeper.kept(path, until=at)}

    def _triggered(self, call: Call, place: GroupPlace, triggered: Triggered) -> datetime | None:
        step = self.threads.load(call, place)
        thread = self.threads.caller(call, step)
        if thread is None or step.before.instance.is_final:
            return None
        if thread.watch is None:
            next_one = following_id(thread)
            self.threads.start(step.before, [one for one in step.live if one.id == next_one])
            return thread.happened_at or thread.started_at
        at = self.threads.dispatcher.clock.now()
        token = replace(thread, watch=None, ahead=triggered.ahead, happened_at=at)
        step = step.with_change(ThreadChange(before=thread, after=token), live=1)
        if triggered.again:
            step = self._with_next(call, step, thread, thread.watch)
        happened = self._told(call, step, triggered, thread.watch)
        self.threads.commit(call, self.threads.settled(call, replace(step, happened=happened)))
        return at

    def withdraw(self, call: Call, place: GroupPlace, host: Entry) -> None:
        """The host has ended: what has not happened beside it does not happen any more."""
        decided(lambda: self._withdrawn(call, place, host), self.threads.dispatcher.pause)

    def _withdrawn(self, call: Call, place: GroupPlace, host: Entry) -> None:
        step = self.threads.load(call, place)
        key = identity(call.instance_id, host)
        watches = [one for one in step.watches if one.watch is not None and one.watch.host == key]
        if watches:
            self.threads.commit(call, self.threads.settled(call, self.threads.without(call, step, watches)))

    def _with_next(self, call: Call, step: Step, thread: SideThread, watch: Watch) -> Step:
        """The watch for the next time begins; that of a message or signal did so when it came."""
        runtime = self.threads.dispatcher
        if runtime.threads.load(call.instance_id, following_id(thread)) is not None:
            return step
        return step.with_change(following(runtime.threads, thread, watch, clock=call.clock, at=runtime.clock.now()))

    def _told(self, call: Call, step: Step, triggered: Triggered, watch: Watch) -> tuple[Happening, ...]:
        """Messages and signals were told of when they ended the wait."""
        if triggered.kind != _TIMER:
            return ()
        due = datetime.fromtimestamp(call.clock / 1000, UTC)
        data = {"reason": _TIMER, "due_at": due.isoformat(), "occurrence": watch.turn}
        runtime = self.threads.dispatcher
        return (runtime.happening(step.before.instance, EventType.TIMER_TRIGGERED, triggered.event, data),)
