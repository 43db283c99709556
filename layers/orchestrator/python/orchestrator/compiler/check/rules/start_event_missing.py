"""A scope begins with a start event."""

from orchestrator.compiler.bpmn.model import NodeType
from orchestrator.compiler.check.rule import Findings, ScopeRule
from orchestrator.compiler.check.view import ScopeView
from orchestrator.diagnostics import Severity


def _check(scope: ScopeView) -> Findings:
    if scope.scope.nodes and not scope.is_ad_hoc and not scope.of_type(NodeType.START_EVENT):
        yield scope.owner, f"'{scope.owner.id}' has no start event: every element without a way in is started at once"


RULE = ScopeRule(
    code="START_EVENT_MISSING",
    title="Start event missing",
    severity=Severity.WARNING,
    description="A process or sub-process without a start event starts all elements that no flow leads to, together.",
    remedy="Add a start event and a flow to the first element.",
    example='<task id="A"/><endEvent id="E"/><sequenceFlow id="f" sourceRef="A" targetRef="E"/>',
    corrected="""
    <startEvent id="S"/><task id="A"/><endEvent id="E"/>
    <sequenceFlow id="f" sourceRef="S" targetRef="A"/><sequenceFlow id="g" sourceRef="A" targetRef="E"/>""",
    bpmnlint="start-event-required",
    check=_check,
)
