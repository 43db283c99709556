"""Watchers: branches beside the body of a scope that wait for what may interrupt it.

[activate event, waits] --answered by the body's close--> end
|  States.Timeout, or the event happened -> fails with catch.<handler>, which the `Parallel` around it catches
"""

from typing import NamedTuple

from orchestrator.compiler.asl.interruptions.aborts import catch_name, cause
from orchestrator.compiler.asl.language.program import Program
from orchestrator.compiler.asl.language.states import (
    Catcher,
    Choice,
    Fail,
    Json,
    Key,
    Rule,
    State,
    States,
    Succeed,
    Task,
)
from orchestrator.compiler.asl.language.token import CLOCK, INPUT, SCOPE, changed, query
from orchestrator.compiler.asl.steps.block import Block
from orchestrator.compiler.asl.steps.dispatch import Operation, payload, waiting
from orchestrator.compiler.asl.steps.subscriptions import subscriptions_of
from orchestrator.compiler.asl.steps.timers import has_timer, remaining_seconds, timer_due
from orchestrator.compiler.bpmn.model import EventKind, FlowNode
from orchestrator.compiler.flow.scopes import ScopeFlow, awaited, started

_ANSWER = f"{INPUT}.answer"
#: an event was published in time, or the timer was first
_HAPPENED = f"$exists({_ANSWER}.event) or {_ANSWER}.interrupted = true"


class Watched(NamedTuple):
    """An event that interrupts a scope when it happens, and the boundary event or event sub-process that it starts."""

    event: FlowNode
    handler_id: str


def watched_boundaries(flow: ScopeFlow, activity: FlowNode) -> list[Watched]:
    """Return the boundary events of an activity that happen from outside."""
    return [Watched(event, event.id) for event in flow.interrupting(activity.id) if awaited(event)]


def watched_starts(flow: ScopeFlow) -> list[Watched]:
    """Return the start events of a scope's event sub-processes that happen from outside."""
    return [Watched(start, owner.id) for owner, start in started(flow) if awaited(start)]


def watcher(block: Block, name: str, watched: Watched) -> States:
    """Return the branch that waits for an event."""
    only_timers = all(event.kind is EventKind.TIMER for event in watched.event.events)
    return (_for_time if only_timers else _for_event)(block, name, watched)


def _for_time(block: Block, name: str, watched: Watched) -> States:
    event, due = watched.event, timer_due(block, watched.event)
    keys = _Keys(block.program, name, event)
    wait = Task(
        waits=True,
        payload=_activation(event, {"deadline": query(due)}),
        output=query(INPUT),
        next=keys.end,
        catch=(Catcher(("States.Timeout",), keys.due, query(INPUT)),),
        timeout=remaining_seconds(due),
    )
    fired = Fail(catch_name(watched.handler_id), query(cause("{}", clock=due, trail="")))
    return States(keys.start, {keys.start: wait, keys.end: _not_needed(), keys.due: fired})


def _for_event(block: Block, name: str, watched: Watched) -> States:
    event = watched.event
    keys = _Keys(block.program, name, event)
    which = block.program.label(f"{name}:which", event, "happened?")
    due = timer_due(block, event) if has_timer(event) else None
    fields: dict[str, Json] = {
        "deadline": None if due is None else query(due),
        "subscriptions": subscriptions_of(block.program, event),
    }
    wait = Task(
        waits=True,
        payload=_activation(event, fields),
        output=query(changed({"answer": "$states.result"})),
        next=which,
        catch=() if due is None else (Catcher(("States.Timeout",), keys.late, query(INPUT)),),
        timeout=None if due is None else remaining_seconds(due),
    )
    late = {} if due is None else {keys.late: _ask(event, which)}
    happened = cause(f"$merge([{_ANSWER}.result])", clock=f"{_ANSWER}.clock", trail="")
    states: dict[Key, State] = {
        keys.start: wait,
        **late,
        which: Choice((Rule(_HAPPENED, keys.due),), keys.end),
        keys.end: _not_needed(),
        keys.due: Fail(catch_name(watched.handler_id), query(happened)),
    }
    return States(keys.start, states)


def _ask(event: FlowNode, which: Key) -> Task:
    """Return the call that asks the record what was first: the timer, what others published, or the body's end."""
    target: dict[str, Json] = {"element_id": event.id, "scope": query(SCOPE), "occurrence": 0}
    call = payload(Operation.INTERRUPT, event.id, {"target": target, "reason": str(EventKind.TIMER), "trail": []})
    output = query(changed({"answer": "$states.result.Payload"}))
    return Task(waits=False, payload=call, output=output, next=which)


class _Keys:
    """The states of one watcher."""

    def __init__(self, program: Program, name: str, event: FlowNode) -> None:
        self.start = program.label(f"{name}:watch", event, "watch")
        self.end = program.label(f"{name}:end", event, "not needed")
        self.due = program.label(f"{name}:due", event, "due")
        if has_timer(event):
            self.late = program.label(f"{name}:late", event, "timeout")


def _activation(event: FlowNode, fields: dict[str, Json]) -> dict[str, Json]:
    return waiting(Operation.ACTIVATE, event.id, 0, {"input": {}, **fields, "trail": []})


def _not_needed() -> Succeed:
    return Succeed(query(f"{{'changes': {{}}, 'clock': {CLOCK}, 'written': [], 'trail': []}}"))


def close(element_id: str, end: Key) -> Task:
    """Return the call that lets the watchers go once the body of an element is done."""
    target = {"target": {"scope": query(SCOPE)}, "reason": "completed"}
    output = query(changed({"clock": "$states.result.Payload.clock", "trail": "[]"}))
    return Task(waits=False, payload=payload(Operation.INTERRUPT, element_id, target), output=output, next=end)
