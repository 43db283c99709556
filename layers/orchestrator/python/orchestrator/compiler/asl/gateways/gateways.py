"""Exclusive gateways: one `Choice`, flows with conditions in document order, then the way out without one.

<X> --c1--> A          Choice [c1 -> A, c2 -> B], Default: default flow, else a flow without condition,
--c2--> B          else the incident NO_MATCHING_FLOW, which leads back to the Choice
--/---> C
"""

from orchestrator.compiler.asl.language.program import shown
from orchestrator.compiler.asl.language.states import Choice, Pass, Rule
from orchestrator.compiler.asl.language.token import INPUT, query
from orchestrator.compiler.asl.steps.block import Block, Site, Step
from orchestrator.compiler.asl.steps.incidents import add_incident
from orchestrator.compiler.asl.steps.moves import passed_on
from orchestrator.compiler.bpmn.model import FlowNode
from orchestrator.compiler.flow.graph import Edge, Node
from orchestrator.compiler.flow.scopes import ScopeFlow

NO_MATCHING_FLOW = "NO_MATCHING_FLOW"


def lower_exclusive(block: Block, flow: ScopeFlow, node: Node) -> None:
    """Add the `Choice` of a node that sends a token over exactly one of its flows."""
    site = Site(flow, node)
    edges = flow.graph.flows(node.index)
    otherwise = default_edge(node.element, edges)
    rules = tuple(_rule(block, site, edge) for edge in edges if edge is not otherwise and has_condition(edge))
    if otherwise is not None:
        step = block.follow(flow, otherwise)
    else:
        again = Step(block.key(node))
        step = Step(add_incident(block, site, again, code=NO_MATCHING_FLOW, message=no_match(node.element)))
    output = passed_on(step)
    state = Choice(rules, step.key, output) if rules else Pass(output or query(INPUT), step.key)
    block.add(block.key(node), state, site)


def default_edge(element: FlowNode | None, edges: tuple[Edge, ...]) -> Edge | None:
    """Return the way out when no condition holds: a flow without condition, else the default flow."""
    default = None if element is None else element.default_flow
    declared = next((edge for edge in edges if edge.flow is not None and edge.flow.id == default), None)
    return next((edge for edge in edges if not has_condition(edge) and edge is not declared), declared)


def has_condition(edge: Edge) -> bool:
    """Tell whether a condition guards the edge."""
    return edge.flow is not None and edge.flow.condition is not None


def condition_of(block: Block, site: Site, edge: Edge) -> str:
    """Return the condition of an edge as JSONata; `true` where it has none."""
    if edge.flow is None or edge.flow.condition is None or site.node.element is None:
        return "true"
    return block.program.queries.condition(edge.flow.condition, site.node.element)


def no_match(element: FlowNode | None) -> str:
    """Say that no flow of the element can be taken."""
    return f"No condition of '{shown(element)}' holds and it has no default flow"


def _rule(block: Block, site: Site, edge: Edge) -> Rule:
    step = block.follow(site.flow, edge)
    return Rule(condition_of(block, site, edge), step.key, passed_on(step))
