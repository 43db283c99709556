"""Paths end at end events."""

from orchestrator.compiler.bpmn.model import EventKind, FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ALL, ScopeView, has_event, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, around: ScopeView) -> str | None:
    if around.flows_out_of(node) or around.is_ad_hoc or node.triggered_by_event or node.for_compensation:
        return None
    linked = node.type is NodeType.INTERMEDIATE_THROW_EVENT and has_event(node, EventKind.LINK)
    if linked or (node.type is NodeType.BOUNDARY_EVENT and has_event(node, EventKind.COMPENSATION)):
        return None
    return f"A path ends at {label(node)} ({node.type}) without an end event"


RULE = NodeRule(
    code="IMPLICIT_END",
    title="Path without an end event",
    severity=Severity.WARNING,
    description="A path that stops in the middle ends there. Readers cannot tell whether a flow was forgotten.",
    remedy="Add an end event.",
    example='<startEvent id="S"/><task id="A"/><sequenceFlow id="f" sourceRef="S" targetRef="A"/>',
    corrected="""
    <startEvent id="S"/><endEvent id="E"/><sequenceFlow id="f" sourceRef="S" targetRef="E"/>""",
    bpmnlint="no-implicit-end",
    types=ALL - {NodeType.END_EVENT},
    check=_check,
)
