"""What the body of an activity with a scope of its own begins with, and what of its variables leaves it."""

from collections.abc import Callable

from orchestrator.compiler.asl.block import Block, Ending, Site
from orchestrator.compiler.asl.program import Program
from orchestrator.compiler.asl.results import mapped
from orchestrator.compiler.asl.states import Key, Pass
from orchestrator.compiler.asl.token import VARIABLES, changed, changes, extended_trail, query, strings
from orchestrator.compiler.bpmn.model import FlowNode, VariableMapping

Begin = Callable[[Block, Site, Ending], Key]
"""Fills the body of the activity at a site up to its ending and returns the key of the first state."""


def begin_scope(body: Block, site: Site, _: Ending) -> Key:
    """Begin the contents of a sub-process."""
    element = site.node.element
    if element is None or element.scope is None:
        raise ValueError(f"{site.node.id} has no contents")
    inner = body.program.flows[element.scope.id]
    step = body.arrive(Site(inner, inner.graph.nodes[inner.graph.entry]))
    if not step.passed:
        return step.key
    output = query(changed({"trail": extended_trail(step.passed)}))
    return body.add(f"{body.name}:start", Pass(output, step.key), site, "begins")


def exit_of(program: Program, element: FlowNode) -> str:
    """Return the id of the node where the contents of an activity end; an activity without contents has none."""
    if element.scope is None:
        return f"{element.id}:exit"
    graph = program.flows[element.scope.id].graph
    return graph.nodes[graph.exit].id


def outputs_of(program: Program, element: FlowNode) -> tuple[str, str]:
    """Return JSONata for the changes that leave the activity, and for their keys.

    A sub-process with output mappings writes their targets only; its input mappings and the variables of a
    multi-instance iteration stay inside.
    """
    outputs = element.execution.outputs
    if element.scope is not None and outputs:
        return mapped(program, element, outputs, VARIABLES), strings(_targets(outputs))
    return changes(local_names(element)), "[$states.input.written]"


def local_names(element: FlowNode) -> tuple[str, ...]:
    """Return the variables that exist inside the activity only."""
    names = _targets(element.execution.inputs) if element.scope is not None else ()
    repeated = element.multi_instance
    if repeated is None:
        return names
    return (*names, *((repeated.input_element,) if repeated.input_element else ()), "loopCounter")


def _targets(mappings: tuple[VariableMapping, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mapping.target.partition(".")[0] for mapping in mappings))
