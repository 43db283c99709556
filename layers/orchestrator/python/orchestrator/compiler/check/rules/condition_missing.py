"""Every flow out of a choice has a condition, except the default."""

from orchestrator.compiler.bpmn.model import NodeType, SequenceFlow
from orchestrator.compiler.check.rule import FlowRule
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.diagnostics import Severity

_CHOICES = frozenset({NodeType.EXCLUSIVE_GATEWAY, NodeType.INCLUSIVE_GATEWAY})


def _check(flow: SequenceFlow, around: ScopeView) -> str | None:
    gateway = around.nodes.get(flow.source)
    if gateway is None or gateway.type not in _CHOICES or flow.condition is not None:
        return None
    if flow.id == gateway.default_flow or len(around.flows_out_of(gateway)) == 1:
        return None
    return f"Flow '{flow.id}' out of gateway {label(gateway)} has no condition: it counts as true"


RULE = FlowRule(
    code="CONDITION_MISSING",
    title="Flow out of a choice without a condition",
    severity=Severity.WARNING,
    description=(
        "Flows out of an exclusive or inclusive gateway are tried in the order of the file. One without a condition "
        "counts as true, so that an exclusive gateway never looks at those after it."
    ),
    remedy="Write a condition, or name the flow as the gateway's `default`.",
    example="""
    <exclusiveGateway id="G"/><task id="A"/><task id="B"/>
    <sequenceFlow id="f" sourceRef="G" targetRef="A"><conditionExpression>=ok</conditionExpression></sequenceFlow>
    <sequenceFlow id="g" sourceRef="G" targetRef="B"/>""",
    corrected="""
    <exclusiveGateway id="G" default="g"/><task id="A"/><task id="B"/>
    <sequenceFlow id="f" sourceRef="G" targetRef="A"><conditionExpression>=ok</conditionExpression></sequenceFlow>
    <sequenceFlow id="g" sourceRef="G" targetRef="B"/>""",
    bpmnlint="conditional-flows",
    check=_check,
)
