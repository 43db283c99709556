"""A compensation handler belongs to an activity."""

from orchestrator.compiler.bpmn.model import FlowNode
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ACTIVITIES, ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, around: ScopeView) -> str | None:
    if not node.for_compensation or node.id in around.scope.compensation_handlers.values():
        return None
    return f"{label(node)} is there for compensation, but no association says what it undoes: it is never started"


RULE = NodeRule(
    code="COMPENSATION_HANDLER_UNUSED",
    title="Compensation handler of no activity",
    severity=Severity.WARNING,
    description="An association joins the compensation boundary event of an activity with its handler (BPMN 10.7.1).",
    remedy="Draw an association from a compensation boundary event to the handler, or remove the handler.",
    example='<task id="A"/><task id="U" isForCompensation="true"/>',
    corrected="""
    <task id="A"/><boundaryEvent id="B" attachedToRef="A"><compensateEventDefinition/></boundaryEvent>
    <task id="U" isForCompensation="true"/><association id="x" sourceRef="B" targetRef="U"/>""",
    types=ACTIVITIES,
    check=_check,
)
