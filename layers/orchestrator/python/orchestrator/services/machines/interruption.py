"""Interruptions: a boundary event, event sub-process or terminate end event takes over from what is under way."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from orchestrator.domain import task_lifecycle
from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.instance import Instance
from orchestrator.domain.side_thread import threads_below
from orchestrator.domain.task import Task, TaskStatus
from orchestrator.ports.tasks import TaskUnit
from orchestrator.ports.transitions import ScopeMark, TaskTransition
from orchestrator.services.machines.dispatch import Arrival, Call, TaskDispatcher, identity
from orchestrator.services.machines.keeping import Keeper
from orchestrator.services.tokens.answers import answer, caught_answer, closing_clock, epoch_ms, result_answer
from orchestrator.services.tokens.scope_endings import ScopePath, is_inside
from orchestrator.services.tokens.withdrawal import accounted
from orchestrator.services.unit_of_work import decided, instance_transition

#: the reason given when a scope's body has ended by itself
COMPLETED: Final = "completed"
_EVENTS: Final = {
    "timer": EventType.TIMER_TRIGGERED,
    "error": EventType.ERROR_OCCURRED,
    "message": EventType.MESSAGE_RECEIVED,
    "signal": EventType.SIGNAL_RECEIVED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is interrupted: one entry of an element, or (no element) everything below a scope path."""

    scope: str
    element_id: str | None = None
    occurrence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupter:
    """Decides races between an interruption and a completion: the record has the last word."""

    dispatcher: TaskDispatcher
    keeper: Keeper

    def interrupt(self, call: Call, *, by: str, target: Target, reason: str) -> dict[str, Any]:
        """Close what the target names in favour of element `by`; what the machine is answered.

        `{"interrupted": true, "clock"}`, of a scope with `kept`, what was written in it; or
        `{"interrupted": false, "result", "clock"}` when the activity had been completed,
        `{"interrupted": false, "caught", "clock"}` when another event or an error had ended it.
        """
        if target.element_id is not None:
            element_id = target.element_id
            return decided(lambda: self._activity(call, by, element_id, target, reason), self.dispatcher.pause)
        if reason == COMPLETED:
            return self.close(call, by, target.scope)
        return decided(lambda: self._scope(call, by, target.scope, reason), self.dispatcher.pause)

    def _activity(self, call: Call, by: str, element_id: str, target: Target, reason: str) -> dict[str, Any]:
        runtime = self.dispatcher
        entry = call.entry(element_id, target.occurrence, scope=target.scope)
        unit = runtime.tasks.load_unit(call.instance_id, identity(call.instance_id, entry))
        if unit.task is not None and unit.task.status is TaskStatus.COMPLETED:
            return {"interrupted": False, **result_answer(unit.task, unit.result_data)}
        if unit.task is not None and unit.task.status is TaskStatus.CANCELLED:
            return self._settled(unit, unit.task, by if reason != "timer" else None)
        if unit.instance.is_final:
            return {"interrupted": True, "clock": call.clock}
        before = unit.task or _unseen(runtime, call, unit, entry_id=element_id, target=target)
        return self._close(call, unit.instance, before, by, reason, known=unit)

    def _settled(self, unit: TaskUnit, task: Task, by: str | None) -> dict[str, Any]:
        """Something else was first, whose answer came after the timer of the machine: so it is answered here.

        `by` is what the machine has gone to already; none where it asks because of a timer.
        """
        settled = {"interrupted": True, "clock": closing_clock(task)}
        if task.caught_by is None or task.caught_by == by:
            return settled
        if not unit.instance.is_final:
            change = TaskTransition(before=task, after=task, is_answered=True)
            transition = instance_transition(unit.instance, unit.instance, (), ids=self.dispatcher.ids, tasks=(change,))
            self.dispatcher.instances.commit(transition)
        return settled | {"interrupted": False, "caught": caught_answer(task.caught_by, task, unit.result_data)}

    def _close(
        self, call: Call, instance: Instance, before: Task, by: str, reason: str, *, known: TaskUnit
    ) -> dict[str, Any]:
        runtime, at = self.dispatcher, self.dispatcher.clock.now()
        instance, trail = runtime.with_trail(call, instance)
        after, happenings = task_lifecycle.interrupted(before, handler_id=by, reason=reason, at=at)
        change = TaskTransition(before=known.task, after=after, is_answered=True)
        events = (*trail, *self._event(instance, by, reason), *(happenings if after.is_work else ()))
        changed = accounted(instance, [change], at=at)
        transition = instance_transition(instance, changed, events, ids=runtime.ids, tasks=(change,))
        runtime.instances.commit(transition)
        return {"interrupted": True, "clock": closing_clock(after)}

    def close(self, call: Call, by: str, scope: str) -> dict[str, Any]:
        """The body of a scope is done: let go what only waits beside it; the clock stays the body's.

        The mark comes first: a wait that arrives later finds it, one that arrived before is found here.
        """
        runtime = self.dispatcher
        decided(lambda: self._mark_closed(call, by, scope), runtime.pause)
        decided(lambda: self._let_go(call, scope), runtime.pause)
        return {"interrupted": True, "clock": call.clock}

    def _mark_closed(self, call: Call, by: str, scope: str) -> None:
        runtime, end = self.dispatcher, call.end(scope, by)
        if runtime.instances.ended_at(end) is None:
            instance, trail = runtime.with_trail(call, runtime.instances.load(call.instance_id))
            mark = ScopeMark(end=end, at=runtime.clock.now())
            runtime.instances.commit(instance_transition(instance, instance, trail, ids=runtime.ids, mark=mark))

    def _let_go(self, call: Call, scope: str) -> None:
        """Answer the waits; the engine decides between this and their timers, so it is asked first."""
        runtime, at = self.dispatcher, self.dispatcher.clock.now()
        work = runtime.instances.load_unanswered(call.instance_id)
        path = _path(call, scope)
        waits = [task for task in work.tasks if is_inside(task, path) and not task.is_work]
        changes: list[TaskTransition] = []
        for wait in waits:
            token, over = runtime.tasks.load_unit(call.instance_id, wait.id).token, task_lifecycle.passed(wait, at=at)
            if answer(runtime.engine, over, token=token, result=None):
                changes.append(TaskTransition(before=wait, after=over, is_answered=True))
        if changes:
            transition = instance_transition(work.instance, work.instance, (), ids=runtime.ids, tasks=tuple(changes))
            runtime.instances.commit(transition)

    def _scope(self, call: Call, by: str, scope: str, reason: str) -> dict[str, Any]:
        runtime = self.dispatcher
        unit = runtime.instances.load_scope(call.end(scope, by))
        path = _path(call, scope)
        if unit.marked_at is not None:
            runtime.endings.clear(path, by=by, reason=reason)
            return self._over(path, unit.marked_at)
        if unit.instance.is_final:
            return {"interrupted": True, "clock": call.clock}
        inside = [task for task in unit.entries if is_inside(task, path)]
        threads = threads_below(runtime.threads.running(call.instance_id), call.thread, scope)
        instance = runtime.endings.thread_stops.stop(unit.instance, threads, by=by, reason=reason)
        at = runtime.clock.now()
        instance, trail = runtime.with_trail(call, instance)

        closing = partial(task_lifecycle.interrupted, handler_id=by, reason=reason, at=at)
        mark = ScopeMark(end=call.end(scope, by), at=at)
        events = (*trail, *self._event(instance, by, reason))
        runtime.withdrawal.close(instance, inside, closing, at=at, events=events, mark=mark)
        return self._over(path, at)

    def _over(self, path: ScopePath, at: datetime) -> dict[str, Any]:
        """A scope has ended: when, and what was written in it until then."""
        return {"interrupted": True, "clock": epoch_ms(at), "kept": self.keeper.kept(path, until=at)}

    def _event(self, instance: Instance, by: str, reason: str) -> tuple[Happening, ...]:
        """What interrupted, where that is more than an element that is passed (the trail tells those)."""
        kind = _EVENTS.get(reason)
        return () if kind is None else (self.dispatcher.happening(instance, kind, by, {"reason": reason}),)


def _path(call: Call, scope: str) -> ScopePath:
    return ScopePath(instance_id=call.instance_id, thread=call.thread, scope=scope)


def _unseen(runtime: TaskDispatcher, call: Call, unit: TaskUnit, *, entry_id: str, target: Target) -> Task:
    """The task of an entry whose activation never arrived: its time was up before."""
    entry = call.entry(entry_id, target.occurrence, scope=target.scope)
    arrival = Arrival(element_id=entry_id, occurrence=target.occurrence, token="", input_data={})
    return replace(runtime.made(call, unit.instance, entry, arrival), assignment=None)
