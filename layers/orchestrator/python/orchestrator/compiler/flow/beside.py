"""Events that happen beside what goes on: non-interrupting boundary events and event sub-processes (BPMN 13.5.3).

    [A] ~(t)~> [H]      A goes on, each time that t happens one more token takes the flow to H

What they begin belongs to the scope around them, which ends when all of it has ended. So from the activity (the
start, for an event sub-process) to the end of the scope tokens run as side threads.
"""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType, Scope
from orchestrator.compiler.flow.compensation import compensation_start
from orchestrator.compiler.flow.graph import FlowGraph
from orchestrator.compiler.flow.regions import Mode, Region, Regions


def with_beside(regions: Regions, graph: FlowGraph, scope: Scope) -> Regions:
    """Add a region for each node beside which something may happen; for event sub-processes it is the entry."""
    found: dict[int, Region] = {}
    if any(map(_starts_beside, scope.nodes)):
        found[graph.entry] = _region(graph, graph.entry, "an event sub-process may run beside it")
    for node in graph.nodes:
        if any(edge.beside for edge in graph.outgoing[node.index]):
            found[node.index] = _region(graph, node.index, "a boundary event may happen beside it")
    return Regions({**found, **regions.by_fork}, regions.lonely_joins) if found else regions


def start_of(event_sub_process: FlowNode) -> FlowNode | None:
    """Return the start event of an event sub-process; BPMN gives it one."""
    nodes = () if event_sub_process.scope is None else event_sub_process.scope.nodes
    return next((node for node in nodes if node.type is NodeType.START_EVENT and node.events), None)


def _starts_beside(node: FlowNode) -> bool:
    if not node.triggered_by_event or compensation_start(node) is not None:
        return False
    start = start_of(node)
    return start is not None and not start.interrupting


def _region(graph: FlowGraph, index: int, reason: str) -> Region:
    return Region(index, graph.exit, Mode.THREADED, reason=reason, beside=True)
