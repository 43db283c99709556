"""Intermediate catch events: a timer is a `Wait` until its due time, which then is the token's clock."""

from orchestrator.compiler.asl.block import Block, Site
from orchestrator.compiler.asl.states import Wait
from orchestrator.compiler.asl.token import changed, extended_trail, query
from orchestrator.compiler.bpmn.model import EventDefinition, EventKind, FlowNode
from orchestrator.compiler.flow.graph import Node
from orchestrator.compiler.flow.scopes import ScopeFlow


def lower_catch(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the state of an intermediate timer event."""
    element = node.element
    event = None if element is None else timer_of(element)
    if element is None or event is None:
        return
    due = block.program.queries.due(event, element)
    after = block.leave(flow, node)
    output = changed({"clock": due, "trail": extended_trail((element.id, *after.passed))})
    block.add(block.key(node), Wait(f"$fromMillis({due})", after.key, query(output)), Site(flow, node))


def timer_of(element: FlowNode) -> EventDefinition | None:
    """Return the timer definition of an event that has no other."""
    return element.events[0] if [event.kind for event in element.events] == [EventKind.TIMER] else None
