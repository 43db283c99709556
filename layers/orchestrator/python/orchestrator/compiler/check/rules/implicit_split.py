"""Paths fork at gateways."""

from orchestrator.compiler.bpmn.model import FlowNode
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ACTIVITIES, EVENTS, ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, around: ScopeView) -> str | None:
    free = [flow for flow in around.flows_out_of(node) if flow.condition is None and flow.id != node.default_flow]
    return f"{len(free)} flows leave {label(node)} at once: it forks without a gateway" if len(free) > 1 else None


RULE = NodeRule(
    code="IMPLICIT_SPLIT",
    title="Fork without a gateway",
    severity=Severity.WARNING,
    description="All flows without a condition that leave an activity or event are taken together (BPMN 13.3.1).",
    remedy="Put a parallel gateway after the element, or an exclusive one if only one flow is meant.",
    example="""
    <task id="A"/><task id="B"/><task id="C"/>
    <sequenceFlow id="f" sourceRef="A" targetRef="B"/><sequenceFlow id="g" sourceRef="A" targetRef="C"/>""",
    corrected="""
    <task id="A"/><parallelGateway id="G"/><task id="B"/><task id="C"/><sequenceFlow id="e" sourceRef="A"
    targetRef="G"/><sequenceFlow id="f" sourceRef="G" targetRef="B"/><sequenceFlow id="g" sourceRef="G"
    targetRef="C"/>""",
    bpmnlint="no-implicit-split",
    types=ACTIVITIES | EVENTS,
    check=_check,
)
