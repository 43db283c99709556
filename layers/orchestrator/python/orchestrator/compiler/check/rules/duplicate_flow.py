"""Two elements are joined by one flow."""

from orchestrator.compiler.check.rule import Findings, ScopeRule
from orchestrator.compiler.check.view import ScopeView
from orchestrator.diagnostics import Severity


def _check(scope: ScopeView) -> Findings:
    first: dict[tuple[str | None, ...], str] = {}
    for flow in scope.scope.flows:
        same = first.setdefault((flow.source, flow.target, flow.condition and flow.condition.text), flow.id)
        if same != flow.id:
            yield flow, f"Flow '{flow.id}' repeats flow '{same}' from '{flow.source}' to '{flow.target}'"


RULE = ScopeRule(
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
