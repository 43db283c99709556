"""A non-interrupting boundary event does not lead straight back to its activity."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, around: ScopeView) -> str | None:
    back = not node.interrupting and any(flow.target == node.attached_to for flow in around.flows_out_of(node))
    return f"{label(node)} starts '{node.attached_to}' once more each time it occurs" if back else None


RULE = NodeRule(
    code="BOUNDARY_REPEATS_ACTIVITY",
    title="Non-interrupting boundary event that starts its activity again",
    severity=Severity.WARNING,
    description="The activity goes on and a second one starts, which has the same boundary event, and so on.",
    remedy="Make the event interrupting if the activity should start over.",
    example="""
    <task id="A"/>
    <boundaryEvent id="B" attachedToRef="A" cancelActivity="false"><errorEventDefinition/></boundaryEvent>
    <sequenceFlow id="f" sourceRef="B" targetRef="A"/>""",
    corrected="""
    <task id="A"/><boundaryEvent id="B" attachedToRef="A"><errorEventDefinition/></boundaryEvent>
    <sequenceFlow id="f" sourceRef="B" targetRef="A"/>""",
    types=frozenset({NodeType.BOUNDARY_EVENT}),
    check=_check,
)
