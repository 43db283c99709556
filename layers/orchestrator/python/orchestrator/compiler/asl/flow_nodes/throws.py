"""Throw and end events that publish a message or signal: one call, under the key of the entry."""

from orchestrator.compiler.asl.language.states import Json, Task
from orchestrator.compiler.asl.language.token import VARIABLES, changed, query, strings
from orchestrator.compiler.asl.steps.block import Block, Site
from orchestrator.compiler.asl.steps.dispatch import Operation, payload
from orchestrator.compiler.asl.steps.moves import occurrence_of, visit_fields
from orchestrator.compiler.asl.steps.results import mapped
from orchestrator.compiler.asl.steps.subscriptions import PUBLISHED, events_of, key_of, name_of
from orchestrator.compiler.bpmn.model import EventKind, FlowNode, NodeType
from orchestrator.compiler.flow.graph import Node
from orchestrator.compiler.flow.scopes import ScopeFlow

THROWING = frozenset({NodeType.INTERMEDIATE_THROW_EVENT, NodeType.END_EVENT})


def is_thrown(element: FlowNode) -> bool:
    """Tell whether the element publishes its event itself."""
    events = events_of(element)
    return len(events) == 1 and events[0].kind in PUBLISHED and not is_sent(element)


def is_sent(element: FlowNode) -> bool:
    """Tell whether a performer sends the message of a throw or end event, as one does that of a send task."""
    execution = element.execution
    named = execution.task_type is not None or execution.implementation is not None
    return named and element.type in THROWING and [event.kind for event in element.events] == [EventKind.MESSAGE]


def lower_throw(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the state of an element that publishes; its payload are its input mappings, nothing else."""
    site, element = Site(flow, node), node.element
    if element is None or not is_thrown(element):
        return
    (event,) = events_of(element)
    after = block.leave(flow, node)
    inputs = element.execution.inputs
    fields: dict[str, Json] = {
        "occurrence": occurrence_of(block, site),
        "kind": str(event.kind),
        "name": name_of(block.program, element, event),
        "variables": query(mapped(block.program, element, inputs, VARIABLES)) if inputs else {},
    }
    if event.kind is EventKind.MESSAGE:
        fields["correlation_key"] = key_of(block.program, element, event)
    output = changed({"trail": strings((element.id, *after.passed))} | visit_fields(block, site))
    call = payload(Operation.THROW, element.id, fields)
    block.add(block.key(node), Task(waits=False, payload=call, output=query(output), next=after.key), site)
