r"""Interrupting timer boundary events of activities: `TimeoutSeconds` up to the absolute due time.

    Task --States.Timeout--> [interrupt] --> <interrupted?> --yes--> path of the timer
                                                  |--no, an error or event was first--> its path
                                                  \--no, it was completed in time--> next

With several timers the soonest counts; a `Choice` before the interrupt finds out which one it was.
"""

from collections.abc import Sequence
from typing import NamedTuple

from orchestrator.compiler.asl.language.states import Catcher, Choice, Json, Key, Rule, Task
from orchestrator.compiler.asl.language.token import SCOPE, changed, query
from orchestrator.compiler.asl.steps.block import Block, Site, Step
from orchestrator.compiler.asl.steps.calls import performed
from orchestrator.compiler.asl.steps.dispatch import Operation, payload
from orchestrator.compiler.asl.steps.landings import ANSWERED, Landing, landed
from orchestrator.compiler.asl.steps.moves import answered, occurrence_of, passed_on, visit_fields
from orchestrator.compiler.bpmn.model import EventKind, FlowNode
from orchestrator.compiler.flow.graph import Edge


class Timer(NamedTuple):
    """A timer boundary event: the edge to it, and JSONata for its due time in epoch milliseconds."""

    edge: Edge
    due: str


def boundary_timers(block: Block, site: Site) -> list[Timer]:
    """Return the interrupting timers attached to a node, in document order."""
    timers: list[Timer] = []
    for edge in site.flow.boundary_edges(site.node.index):
        element = site.flow.graph.nodes[edge.target].element
        if element is not None and has_timer(element):
            timers.append(Timer(edge, timer_due(block, element)))
    return timers


def has_timer(element: FlowNode) -> bool:
    """Tell whether time makes an event happen, alone or among others."""
    return any(event.kind is EventKind.TIMER for event in element.events)


def timer_due(block: Block, element: FlowNode) -> str:
    """Return JSONata for the due time of a timer event; of several timers the soonest counts."""
    timers = (event for event in element.events if event.kind is EventKind.TIMER)
    return _first([block.program.queries.due(timer, element) for timer in timers])


def remaining_seconds(due: str) -> str:
    """Return JSONata for the whole seconds until a due time, at least one: `TimeoutSeconds` must be positive."""
    return f"$max([1, $ceil(({due} - $millis()) / 1000)])"


def soonest(timers: Sequence[Timer]) -> str:
    """Return JSONata for the due time of the timer that fires first."""
    return _first([timer.due for timer in timers])


def _first(dues: list[str]) -> str:
    return dues[0] if len(dues) == 1 else f"$min([{', '.join(dues)}])"


def add_timeout(block: Block, site: Site, timers: list[Timer], after: Step, landings: Sequence[Landing]) -> Catcher:
    """Add the states behind a timeout and return the catcher that leads to them.

    `landings`: where other events and errors lead, which the record may have had before.
    """
    keys = [_add_interrupt(block, site, timer, after, landings) for timer in timers]
    first = keys[-1]
    if len(keys) > 1:
        rules = tuple(
            Rule(f"{timer.due} = {soonest(timers)}", key) for timer, key in zip(timers[:-1], keys[:-1], strict=True)
        )
        first = block.add(block.key(site.node, ":timeout"), Choice(rules, first), site, "which timer")
    return Catcher(("States.Timeout",), first, query(changed({"trail": "[]"})))


def _add_interrupt(block: Block, site: Site, timer: Timer, after: Step, landings: Sequence[Landing]) -> Key:
    boundary = site.flow.graph.nodes[timer.edge.target]
    timed = block.follow(site.flow, timer.edge)
    decided = block.key(boundary, ":decided")
    target: dict[str, Json] = {
        "element_id": site.node.id,
        "scope": query(SCOPE),
        "occurrence": occurrence_of(block, site),
    }
    call = payload(Operation.INTERRUPT, boundary.id, {"target": target, "reason": "timer"})
    output = {
        "interrupted": query("$states.result.Payload.interrupted"),
        "token": query(landed(landings, _token(block, site))),
    }
    if landings:
        output["caught"] = query(f"$exists({ANSWERED.error}) ? {ANSWERED.error} : ''")
    task = Task(waits=False, payload=call, output=output, next=decided)
    key = block.add(block.key(boundary, ":interrupt"), task, Site(site.flow, boundary))
    first = [Rule(one.taken_by("$states.input.caught"), one.next, query("$states.input.token")) for one in landings]
    rule = Rule("$states.input.interrupted", timed.key, passed_on(timed, "$states.input.token"))
    choice = Choice((*first, rule), after.key, passed_on(after, "$states.input.token"))
    block.add(decided, choice, Site(site.flow, boundary), "in time?")
    return key


def _token(block: Block, site: Site) -> str:
    answer = "$states.result.Payload"
    element = site.node.element
    stopped = {"clock": f"{answer}.clock", "trail": "[]"} | visit_fields(block, site)
    if element is None:
        return changed(stopped)
    completed = answered(block, site, performed(block.program, element, f"{answer}.result"), answer, ())
    return f"{answer}.interrupted ? {changed(stopped)} : {completed}"
