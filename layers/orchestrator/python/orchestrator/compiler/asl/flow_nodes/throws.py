"""Throw and end events that publish messages and signals: one call each, under the key of the entry."""

from orchestrator.compiler.asl.language.states import Json, Task
from orchestrator.compiler.asl.language.token import VARIABLES, changed, occurrence, query, strings
from orchestrator.compiler.asl.steps.block import Block, Site
from orchestrator.compiler.asl.steps.dispatch import Operation, payload
from orchestrator.compiler.asl.steps.moves import occurrence_of, visit_fields
from orchestrator.compiler.asl.steps.results import mapped
from orchestrator.compiler.asl.steps.subscriptions import PUBLISHED, events_of, key_of, name_of
from orchestrator.compiler.bpmn.model import EventDefinition, EventKind, FlowNode, NodeType
from orchestrator.compiler.flow.graph import Node
from orchestrator.compiler.flow.scopes import ScopeFlow

THROWING = frozenset({NodeType.INTERMEDIATE_THROW_EVENT, NodeType.END_EVENT})


def is_thrown(element: FlowNode) -> bool:
    """Tell whether the element publishes its event itself."""
    events = events_of(element)
    return bool(events) and all(event.kind in PUBLISHED for event in events) and not is_sent(element)


def is_sent(element: FlowNode) -> bool:
    """Tell whether a performer sends the message of a throw or end event, as one does that of a send task."""
    execution = element.execution
    named = execution.task_type is not None or execution.implementation is not None
    return named and element.type in THROWING and [event.kind for event in element.events] == [EventKind.MESSAGE]


def lower_throw(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the states of an element that publishes, one for each of its events, in their order."""
    site, element = Site(flow, node), node.element
    if element is None or not is_thrown(element):
        return
    events = events_of(element)
    after = block.leave(flow, node)
    keys = [block.key(node), *(block.key(node, f":{number}") for number in range(2, len(events) + 1))]
    last = changed({"trail": strings((element.id, *after.passed))} | visit_fields(block, site))
    for number, (key, event) in enumerate(zip(keys, events, strict=True)):
        is_last = key == keys[-1]
        call = payload(Operation.THROW, element.id, _thrown(block, site, element, event, number))
        output = query(last if is_last else changed({"trail": "[]"}))
        following = after.key if is_last else keys[number + 1]
        block.add(key, Task(waits=False, payload=call, output=output, next=following), site, _purpose(number))


def _purpose(number: int) -> str:
    return "" if number == 0 else f"throws {number + 1}"


def _thrown(block: Block, site: Site, element: FlowNode, event: EventDefinition, number: int) -> dict[str, Json]:
    """Return what is thrown, by its place among the events; the payload are the input mappings, nothing else."""
    inputs = element.execution.inputs
    fields: dict[str, Json] = {
        "occurrence": _occurrence(block, site, number, len(events_of(element))),
        "kind": str(event.kind),
        "name": name_of(block.program, element, event),
        "variables": query(mapped(block.program, element, inputs, VARIABLES)) if inputs else {},
    }
    if event.kind is EventKind.MESSAGE:
        fields["correlation_key"] = key_of(block.program, element, event)
    return fields


def _occurrence(block: Block, site: Site, number: int, count: int) -> Json:
    """Return the key's number: each throw of each entry has its own."""
    if count == 1:
        return occurrence_of(block, site)
    return query(f"{occurrence(site.node.id)} * {count} + {number}") if block.is_cyclic(site) else number
