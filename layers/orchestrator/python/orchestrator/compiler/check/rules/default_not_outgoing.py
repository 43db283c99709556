"""A default flow leaves the element that names it."""

from orchestrator.compiler.bpmn.model import FlowNode
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ACTIVITIES, GATEWAYS, ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, around: ScopeView) -> str | None:
    if node.default_flow is None or any(flow.id == node.default_flow for flow in around.flows_out_of(node)):
        return None
    return f"The default '{node.default_flow}' of {label(node)} does not leave it"


RULE = NodeRule(
    code="DEFAULT_NOT_OUTGOING",
    title="Default flow of another element",
    severity=Severity.ERROR,
    description="`default` names one of the flows that leave the element.",
    remedy="Name a flow that leaves the element, or remove `default`.",
    example="""
    <exclusiveGateway id="G" default="g"/><task id="A"/><endEvent id="E"/>
    <sequenceFlow id="f" sourceRef="G" targetRef="A"/><sequenceFlow id="g" sourceRef="A" targetRef="E"/>""",
    corrected="""
    <exclusiveGateway id="G" default="f"/><task id="A"/><endEvent id="E"/>
    <sequenceFlow id="f" sourceRef="G" targetRef="A"/><sequenceFlow id="g" sourceRef="A" targetRef="E"/>""",
    types=ACTIVITIES | GATEWAYS,
    check=_check,
)
