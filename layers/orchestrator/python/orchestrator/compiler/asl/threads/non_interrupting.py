r"""Events that let their activity or scope go on: each waits in a side thread of its own, a watch.

    [begin the watches] --> [A] --> [withdraw what has not happened] --> next
    watch: [wait] --> [trigger] --happened--> path of the boundary event
                              \--withdrawn--> ends
Watches of a scope are begun by the state that gathers its threads, and end with the last of its tokens.
The record decides what came first, the event or the end of the activity. `trigger` also begins the next watch where
the event may happen again (docs/design-notes.md, section "Non-interrupting events").
"""

from dataclasses import replace
from typing import NamedTuple

from orchestrator.compiler.asl.language.program import HandlerEntry
from orchestrator.compiler.asl.language.states import Choice, Json, Key, Rule, State, Succeed, Task, Wait
from orchestrator.compiler.asl.language.token import (
    INPUT,
    VARIABLES,
    changed,
    counted_visit,
    extended_trail,
    occurrence,
    query,
    quote,
    strings,
)
from orchestrator.compiler.asl.steps.block import Block, Ending, Site, Step, Visit
from orchestrator.compiler.asl.steps.dispatch import Operation, payload, waiting
from orchestrator.compiler.asl.steps.moves import received, with_prelude, written_fields
from orchestrator.compiler.asl.steps.subscriptions import PUBLISHED, subscriptions_of
from orchestrator.compiler.asl.threads.repeats import repeated_due, repeats
from orchestrator.compiler.asl.threads.side_threads import ORDER, ahead_on, enter
from orchestrator.compiler.bpmn.model import EventKind, FlowNode
from orchestrator.compiler.flow.escalations import escalates
from orchestrator.compiler.flow.graph import Edge
from orchestrator.compiler.flow.scopes import ScopeFlow, awaited, started

_GROUP = query("$states.input.group")


def lower_watches(block: Block, site: Site) -> None:
    """Add the state that begins the watches of an activity, before it begins itself, and what its events begin."""
    edges = {site.flow.graph.nodes[edge.target].id: edge for edge in site.flow.graph.outgoing[site.node.index]}
    for edge in (edge for edge in edges.values() if edge.beside):
        _escalated(block, site, edge)
    events = block.watches(site)
    if not events:
        return
    watched = [(edges[event.id], part) for event in events for part in _watched(event)]
    begun = [_boundary_watch(block, site, edge, part, place) for place, (edge, part) in enumerate(watched, 1)]
    fields: dict[str, Json] = {
        "beginnings": [query(one) for one in begun],
        "variables": query(VARIABLES),
        "ahead": None,
    }
    call = _call(block, site, Operation.SPAWN, fields)
    output = query(changed({"trail": "[]"}))
    state = Task(waits=False, payload=call, output=output, next=block.key(site.node))
    block.add(block.key(site.node, ":watched"), state, site, "watches")


def lower_departure(block: Block, visit: Visit) -> None:
    """Add the state that withdraws the watches of the activity that a token has just left."""
    site, via, _ = visit
    if via is not None:
        step = block.arrive(site, via, left=True)
        add_departure(block, Site(site.flow, site.flow.graph.nodes[via.source]), block.visit_key(visit), step)


def add_departure(block: Block, host: Site, key: Key, step: Step) -> None:
    """Add the state that withdraws the watches of an activity and goes on to a step."""
    counted = {"visits": counted_visit(_counter(host))} if block.is_cyclic(host) else {}
    output = query(changed({"trail": extended_trail(step.passed)} | counted))
    call = _call(block, host, Operation.WITHDRAW, {"trail": []})
    block.add(key, Task(waits=False, payload=call, output=output, next=step.key), host, "withdraw watches")


def scope_watches(block: Block, flow: ScopeFlow, order: str) -> list[Json]:
    """Add the watches of a scope's event sub-processes; what the gathering state says of each.

    `block` is the inside of the region that the scope is: a handler ends where the scope ends.
    """
    begun: list[Json] = []
    for owner, event in started(flow, interrupting=False):
        inner = block.program.flows[owner.id if owner.scope is None else owner.scope.id]
        step = block.arrive(Site(inner, inner.graph.nodes[inner.graph.entry]))
        if escalates(event):
            _add_handler(block, event, step, {})
        for watched in _watched(event):
            name, place = add_watch(block, watched, step, {}), len(begun) + 1
            begun.append({"entry": name, "order": f"{order}.w{place}", "ahead": {}, "watches": event.id})
    return begun


def has_watches(flow: ScopeFlow) -> bool:
    """Tell whether something is waited for beside a scope or one of its activities."""
    attached = (event for events in flow.attached.values() for event in events if not event.interrupting)
    return any(map(awaited, (*attached, *(start for _, start in started(flow, interrupting=False)))))


class _Watched(NamedTuple):
    """What one watch is for: a timer of an event, or all that others publish; `number` counts those of the event."""

    event: FlowNode
    number: int


def _watched(event: FlowNode) -> list[_Watched]:
    """Return what is waited for on its own: each happens as often as it may, whatever the others do."""
    published = tuple(one for one in event.events if one.kind in PUBLISHED)
    timers = [(one,) for one in event.events if one.kind is EventKind.TIMER]
    parts = [*([published] if published else []), *timers]
    return [_Watched(replace(event, events=events), number) for number, events in enumerate(parts, 1)]


def _escalated(block: Block, site: Site, edge: Edge) -> None:
    """Note where the thread of a boundary event begins that catches escalations."""
    boundary = Site(site.flow, site.flow.graph.nodes[edge.target])
    if boundary.node.element is not None and escalates(boundary.node.element):
        ahead = ahead_on(block.context.copy, site.flow, edge)
        _add_handler(block, boundary.node.element, block.arrive(boundary), ahead)


def _add_handler(block: Block, event: FlowNode, step: Step, ahead: Json) -> None:
    copy = block.context.copy
    name = f"{event.id}{copy}:escalated"
    enter(block, name, step)
    block.program.handlers.append(HandlerEntry(event.id, copy, name, ahead))


def add_watch(block: Block, watched: _Watched, step: Step, ahead: Json) -> str:
    """Add the states of a watch, which goes on to `step` when the event has happened; the name of its entry."""
    event, number = watched
    name = f"{event.id}{block.context.copy}:watch{number if number > 1 else ''}"
    happened = f"{name}:happened"
    timer = next((one for one in event.events if one.kind is EventKind.TIMER), None)
    if timer is None:
        wait = _for_publication(block, event, happened)
    else:
        due = repeated_due(block.program, event, timer)
        wait = Wait(f"$fromMillis({due})", happened, query(changed({"clock": due})))
    again = "true" if timer is None else repeats(block.program, event, timer)
    states: list[tuple[Key, State, str]] = [
        (name, wait, "watch"),
        (happened, _trigger(event, again, ahead, f"{name}:decided"), "happened"),
        (f"{name}:decided", _decided(block, event, name, step), "in time?"),
    ]
    for key, state, purpose in states:
        block.states[key] = state
        block.program.label(key, event, purpose)
    enter(block, name, Step(name))
    return name


def _boundary_watch(block: Block, site: Site, edge: Edge, watched: _Watched, place: int) -> str:
    """Add a watch of a boundary event and return JSONata for it to begin."""
    step = block.arrive(Site(site.flow, site.flow.graph.nodes[edge.target]))
    name = add_watch(block, watched, step, ahead_on(block.context.copy, site.flow, edge))
    id_ = quote(watched.event.id)
    return f"{{'entry': {quote(name)}, 'order': {ORDER} & '.w{place}', 'ahead': {{}}, 'watches': {id_}}}"


def _for_publication(block: Block, event: FlowNode, happened: Key) -> Task:
    fields: dict[str, Json] = {"input": {}, "subscriptions": subscriptions_of(block.program, event)}
    token = changed({"payload": "$states.result.result", "clock": "$states.result.clock", "trail": "[]"})
    return Task(
        waits=True, payload=waiting(Operation.ACTIVATE, event.id, 0, fields), output=query(token), next=happened
    )


def _trigger(event: FlowNode, again: str, ahead: Json, decided: Key) -> Task:
    kind = str(event.events[0].kind)
    fields: dict[str, Json] = {"group": _GROUP, "kind": kind, "again": query(again), "ahead": ahead}
    answer = "$states.result.Payload"
    known = {"happened": f"{answer}.happened", "variables": f"$merge([{VARIABLES}, {answer}.kept])", "trail": "[]"}
    return Task(
        waits=False, payload=payload(Operation.TRIGGER, event.id, fields), output=query(changed(known)), next=decided
    )


def _decided(block: Block, event: FlowNode, name: str, step: Step) -> Choice:
    withdrawn = block.end(Ending(f"{name}:withdrawn", Succeed(), event, "withdrawn"))
    fields = {"trail": strings(step.passed)}
    token = changed(fields)
    if any(one.kind in PUBLISHED for one in event.events):
        written = received(block, event, f"{INPUT}.payload")
        token = with_prelude(written, changed(written_fields(block, written) | fields | {"payload": "null"}))
    return Choice((Rule(f"{INPUT}.happened", step.key, query(token)),), withdrawn)


def _call(block: Block, site: Site, operation: Operation, fields: dict[str, Json]) -> dict[str, Json]:
    number: Json = query(occurrence(_counter(site))) if block.is_cyclic(site) else 0
    return payload(operation, site.node.id, {"group": _GROUP, "occurrence": number, **fields})


def _counter(site: Site) -> str:
    return f"{site.node.id}:watches"
