"""No flow leads into a start event."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, around: ScopeView) -> str | None:
    flows = around.flows_into(node)
    return f"Flow '{flows[0].id}' leads into start event {label(node)}, which is passed like a join" if flows else None


RULE = NodeRule(
    code="START_EVENT_ENTERED",
    title="Flow into a start event",
    severity=Severity.WARNING,
    description="BPMN allows no flow into a start event (10.5.2). It runs as if it led to what follows.",
    remedy="Let the flow lead to the element after the start event.",
    example="""
    <startEvent id="S"/><task id="A"/>
    <sequenceFlow id="f" sourceRef="S" targetRef="A"/><sequenceFlow id="g" sourceRef="A" targetRef="S"/>""",
    corrected="""
    <startEvent id="S"/><task id="A"/>
    <sequenceFlow id="f" sourceRef="S" targetRef="A"/><sequenceFlow id="g" sourceRef="A" targetRef="A"/>""",
    types=frozenset({NodeType.START_EVENT}),
    check=_check,
)
