"""A scope has an end event."""

from orchestrator.compiler.bpmn.model import NodeType
from orchestrator.compiler.check.rule import Findings, ScopeRule
from orchestrator.compiler.check.view import ScopeView
from orchestrator.diagnostics import Severity


def _check(scope: ScopeView) -> Findings:
    if scope.scope.nodes and not scope.is_ad_hoc and not scope.of_type(NodeType.END_EVENT):
        yield scope.owner, f"'{scope.owner.id}' has no end event"


RULE = ScopeRule(
    code="END_EVENT_MISSING",
    title="End event missing",
    severity=Severity.WARNING,
    description="Without an end event a reader cannot see where and with what result the process ends.",
    remedy="End every path with an end event.",
    example='<startEvent id="S"/><task id="A"/><sequenceFlow id="f" sourceRef="S" targetRef="A"/>',
    corrected="""
    <startEvent id="S"/><task id="A"/><endEvent id="E"/>
    <sequenceFlow id="f" sourceRef="S" targetRef="A"/><sequenceFlow id="g" sourceRef="A" targetRef="E"/>""",
    bpmnlint="end-event-required",
    check=_check,
)
