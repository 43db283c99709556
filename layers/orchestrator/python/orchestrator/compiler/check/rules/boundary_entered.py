"""No flow leads into a boundary event."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, around: ScopeView) -> str | None:
    flows = around.flows_into(node)
    return f"Flow '{flows[0].id}' leads into boundary event {label(node)}" if flows else None


RULE = NodeRule(
    code="BOUNDARY_ENTERED",
    title="Flow into a boundary event",
    severity=Severity.ERROR,
    description="A boundary event begins when its event occurs (BPMN 10.5.4); a flow cannot lead to it.",
    remedy="Let the flow lead to what follows the boundary event, or use an intermediate event.",
    example="""
    <task id="A"/><task id="C"/><boundaryEvent id="B" attachedToRef="A"><errorEventDefinition/></boundaryEvent>
    <sequenceFlow id="f" sourceRef="C" targetRef="B"/>""",
    corrected="""
    <task id="A"/><task id="C"/><boundaryEvent id="B" attachedToRef="A"><errorEventDefinition/></boundaryEvent>
    <sequenceFlow id="f" sourceRef="B" targetRef="C"/>""",
    types=frozenset({NodeType.BOUNDARY_EVENT}),
    check=_check,
)
