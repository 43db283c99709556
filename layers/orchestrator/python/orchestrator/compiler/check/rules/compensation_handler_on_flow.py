"""Compensation handlers stand outside of the flow."""

from orchestrator.compiler.bpmn.model import FlowNode
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ACTIVITIES, ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, around: ScopeView) -> str | None:
    flows = [*around.flows_into(node), *around.flows_out_of(node)]
    if node.for_compensation and flows:
        return f"Flow '{flows[0].id}' is connected to {label(node)}, which only compensation starts"
    return None


RULE = NodeRule(
    code="COMPENSATION_HANDLER_ON_FLOW",
    title="Flow to or from a compensation handler",
    severity=Severity.ERROR,
    description="An activity with `isForCompensation` has no incoming and no outgoing flows (BPMN 10.7.1).",
    remedy="Remove the flow, or remove `isForCompensation`.",
    example="""
    <startEvent id="S"/><task id="U" isForCompensation="true"/>
    <sequenceFlow id="f" sourceRef="S" targetRef="U"/>""",
    corrected='<startEvent id="S"/><task id="U"/><sequenceFlow id="f" sourceRef="S" targetRef="U"/>',
    types=ACTIVITIES,
    check=_check,
)
