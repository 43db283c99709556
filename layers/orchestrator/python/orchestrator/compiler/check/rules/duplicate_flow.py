"""Two elements are joined by one flow."""

from orchestrator.compiler.bpmn.model import FlowNode, SequenceFlow
from orchestrator.compiler.check.rule import FlowRule
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.diagnostics import Severity


def _check(flow: SequenceFlow, around: ScopeView) -> str | None:
    source: FlowNode | None = around.nodes.get(flow.source)
    if source is None:
        return None
    same = (other for other in around.flows_out_of(source) if _is_same(other, flow))
    first = next(same, flow)
    return None if first is flow else f"Flow '{flow.id}' repeats flow '{first.id}' out of {label(source)}"


def _is_same(one: SequenceFlow, other: SequenceFlow) -> bool:
    one_text = None if one.condition is None else one.condition.text
    other_text = None if other.condition is None else other.condition.text
    return one.target == other.target and one_text == other_text


RULE = FlowRule(
    code="DUPLICATE_FLOW",
    title="The same flow twice",
    severity=Severity.WARNING,
    description="Two flows with the same ends and condition; out of an activity they run the next element twice.",
    remedy="Remove one of them.",
    example="""
    <task id="A"/><task id="B"/>
    <sequenceFlow id="f" sourceRef="A" targetRef="B"/><sequenceFlow id="g" sourceRef="A" targetRef="B"/>""",
    corrected='<task id="A"/><task id="B"/><sequenceFlow id="f" sourceRef="A" targetRef="B"/>',
    bpmnlint="no-duplicate-sequence-flows",
    check=_check,
)
