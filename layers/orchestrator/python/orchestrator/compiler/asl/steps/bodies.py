"""What the body of an activity with a scope of its own begins with, and what of its variables leaves it."""

from collections.abc import Callable

from orchestrator.compiler.asl.language.program import Program
from orchestrator.compiler.asl.language.states import Choice, Key, Rule
from orchestrator.compiler.asl.language.token import VARIABLES, changes, quote, strings
from orchestrator.compiler.asl.steps.block import Block, Ending, Site, Step
from orchestrator.compiler.asl.steps.moves import passed_on
from orchestrator.compiler.asl.steps.results import mapped
from orchestrator.compiler.bpmn.model import FlowNode, VariableMapping
from orchestrator.compiler.flow.scopes import ScopeFlow

Begin = Callable[[Block, Site, Ending], Key]
"""Fills the body of the activity at a site up to its ending and returns the key of the first state."""


def begin_scope(body: Block, site: Site, _: Ending) -> Key:
    """Begin the contents of a sub-process."""
    element = site.node.element
    if element is None or element.scope is None:
        raise ValueError(f"{site.node.id} has no contents")
    inner = body.program.flows[element.scope.id]
    step = body.arrive(Site(inner, inner.graph.nodes[inner.graph.entry]))
    return body.begin(f"{body.name}:start", step, element)


def enter_scope(block: Block, flow: ScopeFlow) -> Step:
    """Return where a thread begins; with several start events the execution's input names one, else the first."""
    graph = flow.graph
    site, edges = Site(flow, graph.nodes[graph.entry]), graph.flows(graph.entry)
    if len(edges) < 2 or block.is_guarded_entry(site):  # noqa: PLR2004 - a choice needs two
        return block.arrive(site)
    steps = [(graph.nodes[edge.target].id, block.follow(flow, edge)) for edge in edges]
    rules = tuple(
        Rule(f"$states.context.Execution.Input.entry = {quote(id_)}", step.key, passed_on(step))
        for id_, step in steps[1:]
    )
    first = steps[0][1]
    key = block.program.label("entry", None, "Which start?")
    block.states[key] = Choice(rules, first.key, passed_on(first))
    return Step(key)


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
