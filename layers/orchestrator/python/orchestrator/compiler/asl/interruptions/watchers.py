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
from orchestrator.compiler.asl.steps.subscriptions import PUBLISHED, subscriptions_of
from orchestrator.compiler.asl.steps.timers import remaining_seconds, timer_due
from orchestrator.compiler.bpmn.model import FlowNode
from orchestrator.compiler.flow.scopes import ScopeFlow, awaited, started

_ANSWER = f"{INPUT}.answer"


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
    published = any(event.kind in PUBLISHED for event in watched.event.events)
    return (_for_event if published else _for_time)(block, name, watched)


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
    wait = Task(
        waits=True,
        payload=_activation(event, {"deadline": None, "subscriptions": subscriptions_of(block.program, event)}),
        output=query(changed({"answer": "$states.result"})),
        next=which,
    )
    happened = cause(f"{_ANSWER}.result", clock=f"{_ANSWER}.clock", trail="")
    states: dict[Key, State] = {
        keys.start: wait,
        which: Choice((Rule(f"$exists({_ANSWER}.event)", keys.due),), keys.end),
        keys.end: _not_needed(),
        keys.due: Fail(catch_name(watched.handler_id), query(happened)),
    }
    return States(keys.start, states)


class _Keys:
    """The states of one watcher."""

    def __init__(self, program: Program, name: str, event: FlowNode) -> None:
        self.start = program.label(f"{name}:watch", event, "watch")
        self.end = program.label(f"{name}:end", event, "not needed")
        self.due = program.label(f"{name}:due", event, "due")


def _activation(event: FlowNode, fields: dict[str, Json]) -> dict[str, Json]:
    return waiting(Operation.ACTIVATE, event.id, 0, {"input": {}, **fields, "trail": []})


def _not_needed() -> Succeed:
    return Succeed(query(f"{{'changes': {{}}, 'clock': {CLOCK}, 'written': [], 'trail': []}}"))


def close(element_id: str, end: Key) -> Task:
    """Return the call that lets the watchers go once the body of an element is done."""
    target = {"target": {"scope": query(SCOPE)}, "reason": "completed"}
    output = query(changed({"clock": "$states.result.Payload.clock", "trail": "[]"}))
    return Task(waits=False, payload=payload(Operation.INTERRUPT, element_id, target), output=output, next=end)
