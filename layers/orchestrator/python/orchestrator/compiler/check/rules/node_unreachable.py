"""Every element can be reached from a start."""

from collections.abc import Iterable

from orchestrator.compiler.bpmn.model import ElementId, EventKind, FlowNode, NodeType
from orchestrator.compiler.check.rule import Findings, ScopeRule
from orchestrator.compiler.check.view import ScopeView, has_event, label, link_name
from orchestrator.diagnostics import Severity


def _check(scope: ScopeView) -> Findings:
    starts = scope.of_type(NodeType.START_EVENT)
    if not starts or scope.is_ad_hoc:
        return
    reached = _reached(scope, starts)
    for node in scope.scope.nodes:
        isolated = node.triggered_by_event or node.for_compensation
        if node.id not in reached and not isolated and scope.flows_out_of(node):
            yield node, f"No path leads from a start event to {label(node)}"


def _reached(scope: ScopeView, starts: Iterable[FlowNode]) -> set[ElementId]:
    """Return what tokens can reach over flows, boundary events and links."""
    open_ = list(starts)
    reached = {node.id for node in open_}
    while open_:
        for node in _next(scope, open_.pop()):
            if node.id not in reached:
                reached.add(node.id)
                open_.append(node)
    return reached


def _next(scope: ScopeView, node: FlowNode) -> Iterable[FlowNode]:
    yield from (scope.nodes[flow.target] for flow in scope.flows_out_of(node) if flow.target in scope.nodes)
    yield from scope.boundaries_of(node)
    if node.type is NodeType.INTERMEDIATE_THROW_EVENT and has_event(node, EventKind.LINK):
        yield from scope.link_catches.get(link_name(node), [])[:1]


RULE = ScopeRule(
    code="NODE_UNREACHABLE",
    title="Element that no path leads to",
    severity=Severity.WARNING,
    description="In a scope with a start event, an element runs only if a path from it leads there.",
    remedy="Add the missing flow, or remove the element.",
    example="""
    <startEvent id="S"/><task id="A"/><endEvent id="E"/><sequenceFlow id="f" sourceRef="A" targetRef="E"/>""",
    corrected="""
    <startEvent id="S"/><task id="A"/><endEvent id="E"/>
    <sequenceFlow id="g" sourceRef="S" targetRef="A"/><sequenceFlow id="f" sourceRef="A" targetRef="E"/>""",
    check=_check,
)
