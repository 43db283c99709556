"""Tokens that reach a join of a group, and positions that let other joins go on (docs/design-notes.md, section 10)."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.side_thread import Ahead, GroupPlace, SideThread, ThreadStatus, Waiting
from orchestrator.domain.thread_data import ThreadData, merged
from orchestrator.ports.transitions import ThreadArrival, ThreadChange
from orchestrator.services.machines.dispatch import Call
from orchestrator.services.machines.threads import Step, Threads
from orchestrator.services.unit_of_work import decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A token that reached a join: over which flow, and which flows the join waits for (inclusive: for none surely)."""

    join: str
    occurrence: int
    flow: str
    flows: tuple[str, ...]
    inclusive: bool
    ahead: Ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadJoins:
    """Decides which token completes a join: that one goes on, the others have ended."""

    threads: Threads

    def arrive(self, call: Call, place: GroupPlace, reached: Reached, data: ThreadData) -> dict[str, Any]:
        """A token has reached a join: `{"go": true, "variables", "written", "clock", "order"}` or `{"go": false}`.

        What was answered once is answered again.
        """
        return decided(lambda: self._arrived(call, place, reached, data), self.threads.dispatcher.pause)

    def _arrived(self, call: Call, place: GroupPlace, reached: Reached, data: ThreadData) -> dict[str, Any]:
        step = self.threads.load(call, place)
        if call.side_thread is None:
            raise ValueError("the root thread is in no group")
        at = ThreadArrival(group=place.key, thread=call.side_thread, join=reached.join, occurrence=reached.occurrence)
        known = self.threads.dispatcher.threads.arrival(call.instance_id, at)
        if known is not None:
            return self._answer(step, known["taken"])
        thread = self.threads.caller(call, step)
        if thread is None:
            return {"go": False}
        step = self._decided(step, thread, reached, at, data)
        self.threads.commit(call, self.threads.settled(call, step))
        return self._answer(step, step.arrivals[at]["taken"])

    def _decided(self, step: Step, thread: SideThread, reached: Reached, at: ThreadArrival, data: ThreadData) -> Step:
        token = Waiting(
            join=reached.join,
            flow=reached.flow,
            thread=thread.id,
            occurrence=reached.occurrence,
            inclusive=reached.inclusive,
            ahead=reached.ahead,
        )
        group = step.group.changed(waiting=(*step.group.waiting, token))
        taken = self._taken(replace(step, group=group), thread, reached)
        stored = {"data": data.to_json(), "taken": [asdict(one) for one in taken]}
        step = replace(step, group=group, arrivals={at: stored})
        if not taken:
            return step.with_change(ThreadChange(before=thread, after=thread.moved(ThreadStatus.ENDED)), live=-1)
        after = replace(thread, ahead=reached.ahead)
        return step.with_change(ThreadChange(before=thread, after=after), waiting=group.without(taken))

    def _taken(self, step: Step, thread: SideThread, reached: Reached) -> tuple[Waiting, ...]:
        """The tokens that the join goes on with; none: it has to wait."""
        if not reached.inclusive:
            return step.group.complete_set(reached.join, reached.flows)
        others = [one.ahead for one in step.live if one.group == step.group.place and one.id != thread.id]
        return step.group.ready(others, only=reached.join)

    def _answer(self, step: Step, taken: list[JsonObject]) -> dict[str, Any]:
        if not taken:
            return {"go": False}
        token = merged(self.threads.brought(step, [Waiting(**one) for one in taken]))
        return {"go": True, **token.to_json()}
