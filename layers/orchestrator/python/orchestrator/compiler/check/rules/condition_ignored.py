"""Conditions stand only where something chooses."""

from orchestrator.compiler.bpmn.model import NodeType, SequenceFlow
from orchestrator.compiler.check.rule import FlowRule
from orchestrator.compiler.check.view import EVENTS, ScopeView, label
from orchestrator.diagnostics import Severity

_NO_CHOICE = frozenset({NodeType.PARALLEL_GATEWAY, NodeType.EVENT_BASED_GATEWAY}) | EVENTS


def _check(flow: SequenceFlow, around: ScopeView) -> str | None:
    source = around.nodes.get(flow.source)
    if flow.condition is None or source is None:
        return None
    if flow.id == source.default_flow:
        return f"The condition of flow '{flow.id}' is ignored: it is the default of {label(source)}"
    if source.type in _NO_CHOICE:
        return f"The condition of flow '{flow.id}' is ignored: {label(source)} ({source.type}) does not choose"
    return None


RULE = FlowRule(
    code="CONDITION_IGNORED",
    title="Condition without effect",
    severity=Severity.WARNING,
    description=(
        "Parallel gateways, event-based gateways and events do not look at conditions, and a default flow is taken "
        "when no other condition holds."
    ),
    remedy="Use an exclusive or inclusive gateway, or remove the condition.",
    example="""
    <parallelGateway id="G"/><task id="A"/>
    <sequenceFlow id="f" sourceRef="G" targetRef="A"><conditionExpression>=ok</conditionExpression></sequenceFlow>""",
    corrected="""
    <inclusiveGateway id="G"/><task id="A"/>
    <sequenceFlow id="f" sourceRef="G" targetRef="A"><conditionExpression>=ok</conditionExpression></sequenceFlow>""",
    check=_check,
)
