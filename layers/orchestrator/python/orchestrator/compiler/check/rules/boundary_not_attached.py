"""A boundary event is attached to an activity beside it."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ACTIVITIES, ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, around: ScopeView) -> str | None:
    if node.attached_to is None:
        return f"Boundary event {label(node)} is attached to nothing"
    host = around.nodes.get(node.attached_to)
    if host is None or host.type not in ACTIVITIES:
        return f"Boundary event {label(node)} is attached to '{node.attached_to}', which is no activity of its scope"
    return None


RULE = NodeRule(
    code="BOUNDARY_NOT_ATTACHED",
    title="Boundary event attached to no activity",
    severity=Severity.ERROR,
    description="A boundary event needs an activity of the same process or sub-process that it interrupts or watches.",
    remedy="Set `attachedToRef` to the id of the activity.",
    example='<boundaryEvent id="B"><timerEventDefinition/></boundaryEvent>',
    corrected='<task id="A"/><boundaryEvent id="B" attachedToRef="A"><timerEventDefinition/></boundaryEvent>',
    types=frozenset({NodeType.BOUNDARY_EVENT}),
    check=_check,
)
