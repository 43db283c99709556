"""Interrupting boundary events of an activity that waits for one token: what catches each of them.

[A] --catch.<boundary>--> path of that boundary event; of a call activity by way of the record, which ends the call
|   States.Timeout    --> [interrupt] --> <really interrupted?> path of the timer : next
|   catch.<outer>     --> raised again for an outer scope, with what was written here
"""

from orchestrator.compiler.asl.interruptions.aborts import catch_name, relayed
from orchestrator.compiler.asl.interruptions.catchers import reason_of
from orchestrator.compiler.asl.language.states import Catcher, Json, Task
from orchestrator.compiler.asl.language.token import SCOPE, changed, query, strings
from orchestrator.compiler.asl.steps.block import Block, Site, Step
from orchestrator.compiler.asl.steps.calls import is_call
from orchestrator.compiler.asl.steps.dispatch import Operation, payload
from orchestrator.compiler.asl.steps.landings import Landing
from orchestrator.compiler.asl.steps.moves import caught_fields, occurrence_of, visit_fields
from orchestrator.compiler.asl.steps.subscriptions import PUBLISHED
from orchestrator.compiler.asl.steps.timers import Timer, add_timeout
from orchestrator.compiler.bpmn.model import EventKind, FlowNode
from orchestrator.compiler.flow.escalations import escalates
from orchestrator.compiler.flow.graph import Edge, Node


def watched_by(site: Site) -> list[FlowNode]:
    """Return the boundary events that others publish; those of repeated activities wait beside all the rounds."""
    element = site.node.element
    if element is None or element.multi_instance is not None or element.loop is not None:
        return []
    attached = site.flow.interrupting(element.id)
    return [node for node in attached if any(event.kind in PUBLISHED for event in node.events)]


def catchers(block: Block, site: Site, timers: list[Timer], after: Step) -> tuple[Catcher, ...]:
    """Add the states behind the boundary events of an activity and return its catchers, in their order."""
    edges = site.flow.boundary_edges(site.node.index)
    own = tuple(_caught_here(block, site, edge) for edge in edges if not _is_timer(site.flow.graph.nodes[edge.target]))
    outer = relayed(block, site)
    late = (add_timeout(block, site, timers, after, (*own, *outer)),) if timers else ()
    return (*(landing.catcher for landing in own), *late, *(landing.catcher for landing in outer))


def _is_timer(boundary: Node) -> bool:
    """Tell whether nothing but time makes a boundary event happen."""
    return boundary.element is not None and all(event.kind is EventKind.TIMER for event in boundary.element.events)


def _ends_call(site: Site, boundary: Node) -> bool:
    """Tell whether the called instance may still run when the event happens."""
    event = boundary.element
    return event is not None and (event in watched_by(site) or escalates(event))


def _call_left(block: Block, site: Site, boundary: Node, step: Step) -> Landing:
    """Return where an event leads that ended a call: the record cancels the instance that was called."""
    target: dict[str, Json] = {
        "element_id": site.node.id,
        "scope": query(SCOPE),
        "occurrence": occurrence_of(block, site),
    }
    element = boundary.element
    if element is None:
        raise ValueError(f"{site.node.id} has a boundary event that is none")
    call = payload(Operation.INTERRUPT, boundary.id, {"target": target, "reason": reason_of(element)})
    output = query(changed({"trail": strings(step.passed)} | visit_fields(block, site)))
    key = block.key(boundary, ":leave")
    block.add(key, Task(waits=False, payload=call, output=output, next=step.key), Site(site.flow, boundary))
    return Landing(
        (catch_name(boundary.id),),
        key,
        lambda raised: changed(caught_fields(block, (), element, cause=raised.cause)),
    )


def _caught_here(block: Block, site: Site, edge: Edge) -> Landing:
    boundary = site.flow.graph.nodes[edge.target]
    step = block.told(Site(site.flow, boundary), block.follow(site.flow, edge))
    if is_call(site.node.element) and _ends_call(site, boundary):
        return _call_left(block, site, boundary, step)
    visit = visit_fields(block, site)
    return Landing(
        (catch_name(boundary.id),),
        step.key,
        lambda raised: changed(caught_fields(block, step.passed, boundary.element, cause=raised.cause) | visit),
    )
