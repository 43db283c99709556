"""Several flows into an activity do not wait for each other."""

from orchestrator.compiler.bpmn.model import FlowNode
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ACTIVITIES, EVENTS, ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, around: ScopeView) -> str | None:
    count = len(around.flows_into(node))
    return f"{label(node)} is entered once for each of {count} flows; they do not join" if count > 1 else None


RULE = NodeRule(
    code="FAKE_JOIN",
    title="Several flows into one activity or event",
    severity=Severity.WARNING,
    description="Each token that arrives runs the element; flows are not waited for as at a parallel gateway.",
    remedy="Join alternatives with an exclusive gateway, concurrent paths with a parallel gateway.",
    example="""
    <task id="A"/><task id="B"/><task id="C"/>
    <sequenceFlow id="f" sourceRef="A" targetRef="C"/><sequenceFlow id="g" sourceRef="B" targetRef="C"/>""",
    corrected="""
    <task id="A"/><task id="B"/><exclusiveGateway id="G"/><task id="C"/>
    <sequenceFlow id="f" sourceRef="A" targetRef="G"/><sequenceFlow id="g" sourceRef="B" targetRef="G"/>
    <sequenceFlow id="h" sourceRef="G" targetRef="C"/>""",
    bpmnlint="fake-join",
    types=ACTIVITIES | EVENTS,
    check=_check,
)
