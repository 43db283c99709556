"""A gateway joins or splits something."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import GATEWAYS, ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, around: ScopeView) -> str | None:
    single = len(around.flows_into(node)) == 1 and len(around.flows_out_of(node)) == 1
    return f"Gateway {label(node)} neither joins nor splits" if single else None


RULE = NodeRule(
    code="SUPERFLUOUS_GATEWAY",
    title="Gateway without effect",
    severity=Severity.WARNING,
    description="A gateway with one flow in and one flow out does nothing.",
    remedy="Remove it.",
    example="""
    <task id="A"/><exclusiveGateway id="G"/><task id="B"/>
    <sequenceFlow id="f" sourceRef="A" targetRef="G"/><sequenceFlow id="g" sourceRef="G" targetRef="B"/>""",
    corrected='<task id="A"/><task id="B"/><sequenceFlow id="f" sourceRef="A" targetRef="B"/>',
    bpmnlint="superfluous-gateway",
    types=GATEWAYS - {NodeType.EVENT_BASED_GATEWAY},
    check=_check,
)
