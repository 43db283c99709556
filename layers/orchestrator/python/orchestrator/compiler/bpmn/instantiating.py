r"""Event-based gateways and receive tasks that start instances: what they wait for are start events (BPMN 13.2).

<instantiate> --> (message A) --> ...       (message A) --> ...       either begins an instance
             \-> [receive B] --> ...       (message B) --> ...
"""

from dataclasses import replace

from orchestrator.compiler.bpmn.model import ElementId, EventDefinition, EventKind, FlowNode, NodeType, Scope

_CAUGHT = frozenset({NodeType.INTERMEDIATE_CATCH_EVENT, NodeType.RECEIVE_TASK})
_STARTING = frozenset({EventKind.MESSAGE, EventKind.SIGNAL, EventKind.TIMER})


def with_starts(scope: Scope) -> Scope:
    """Return the outermost scope of a process with start events in place of what starts instances otherwise.

    A gateway whose events could not start one stays as it is: it is refused later.
    """
    entered = {flow.target for flow in scope.flows}
    nodes = {node.id: node for node in scope.nodes}
    gateways = {node.id for node in scope.nodes if _begins(node, entered)}
    behind = {one: [flow.target for flow in scope.flows if flow.source == one] for one in gateways}
    gateways = {one for one in gateways if behind[one] and all(_starts(nodes.get(id_), scope) for id_ in behind[one])}
    starting = {id_ for one in gateways for id_ in behind[one]}
    starting |= {
        node.id
        for node in scope.nodes
        if node.type is NodeType.RECEIVE_TASK and node.instantiate and node.id not in entered
    }
    if not starting:
        return scope
    left = (node for node in scope.nodes if node.id not in gateways)
    return replace(
        scope,
        nodes=tuple(_start(node) if node.id in starting else node for node in left),
        flows=tuple(flow for flow in scope.flows if flow.source not in gateways),
    )


def _begins(gateway: FlowNode, entered: set[ElementId]) -> bool:
    """Tell whether one of the events behind a gateway begins an instance; all of several is another thing."""
    begins = gateway.type is NodeType.EVENT_BASED_GATEWAY and gateway.instantiate and gateway.id not in entered
    return begins and not gateway.parallel_multiple


def _starts(node: FlowNode | None, scope: Scope) -> bool:
    """Tell whether a node behind a gateway can start an instance: nothing else leads to it."""
    if node is None or node.type not in _CAUGHT or sum(flow.target == node.id for flow in scope.flows) > 1:
        return False
    return not node.parallel_multiple and all(event.kind in _STARTING for event in node.events)


def _start(node: FlowNode) -> FlowNode:
    return replace(node, type=NodeType.START_EVENT, events=_events(node), instantiate=False)


def _events(node: FlowNode) -> tuple[EventDefinition, ...]:
    if node.type is not NodeType.RECEIVE_TASK:
        return node.events
    execution = node.execution
    name = execution.message_name or node.name or node.id
    return (EventDefinition(EventKind.MESSAGE, name=name, correlation_key=execution.correlation_key, line=node.line),)
