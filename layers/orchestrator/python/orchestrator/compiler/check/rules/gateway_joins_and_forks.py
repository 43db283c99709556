"""A gateway either joins or splits."""

from orchestrator.compiler.bpmn.model import FlowNode
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import GATEWAYS, ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, around: ScopeView) -> str | None:
    both = len(around.flows_into(node)) > 1 and len(around.flows_out_of(node)) > 1
    return f"Gateway {label(node)} joins and splits" if both else None


RULE = NodeRule(
    code="GATEWAY_JOINS_AND_FORKS",
    title="Gateway that joins and splits",
    severity=Severity.WARNING,
    description="A gateway with several flows on both sides joins first and splits then, which is easily misread.",
    remedy="Use two gateways.",
    example="""
    <task id="A"/><task id="B"/><exclusiveGateway id="G"/><task id="C"/><task id="D"/>
    <sequenceFlow id="f" sourceRef="A" targetRef="G"/><sequenceFlow id="g" sourceRef="B" targetRef="G"/>
    <sequenceFlow id="h" sourceRef="G" targetRef="C"/><sequenceFlow id="i" sourceRef="G" targetRef="D"/>""",
    corrected="""
    <task id="A"/><task id="B"/><exclusiveGateway id="G"/><task id="C"/>
    <sequenceFlow id="f" sourceRef="A" targetRef="G"/><sequenceFlow id="g" sourceRef="B" targetRef="G"/>
    <sequenceFlow id="h" sourceRef="G" targetRef="C"/>""",
    bpmnlint="no-gateway-join-fork",
    types=GATEWAYS,
    check=_check,
)
