"""A compensation boundary event has a handler."""

from orchestrator.compiler.bpmn.model import EventKind, FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ScopeView, has_event, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, around: ScopeView) -> str | None:
    handler = around.scope.compensation_handlers.get(node.id)
    if not has_event(node, EventKind.COMPENSATION) or handler in around.nodes:
        return None
    return f"Compensation event {label(node)} has no handler: there is nothing to undo '{node.attached_to}' with"


RULE = NodeRule(
    code="COMPENSATION_WITHOUT_HANDLER",
    title="Compensation event without a handler",
    severity=Severity.WARNING,
    description="An association joins a compensation boundary event with the activity that undoes (BPMN 10.7.1).",
    remedy="Draw an association from the event to an activity with `isForCompensation`.",
    example="""
    <task id="A"/><boundaryEvent id="B" attachedToRef="A"><compensateEventDefinition/></boundaryEvent>""",
    corrected="""
    <task id="A"/><boundaryEvent id="B" attachedToRef="A"><compensateEventDefinition/></boundaryEvent>
    <task id="U" isForCompensation="true"/><association id="x" sourceRef="B" targetRef="U"/>""",
    types=frozenset({NodeType.BOUNDARY_EVENT}),
    check=_check,
)
