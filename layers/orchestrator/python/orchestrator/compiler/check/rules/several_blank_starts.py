"""At most one start event without a trigger."""

from orchestrator.compiler.bpmn.model import NodeType
from orchestrator.compiler.check.rule import Findings, ScopeRule
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.diagnostics import Severity


def _check(scope: ScopeView) -> Findings:
    blank = [node for node in scope.of_type(NodeType.START_EVENT) if not node.events]
    for node in blank[1:]:
        yield node, f"Start event {label(node)} is never used: instances begin at {label(blank[0])}"


RULE = ScopeRule(
    code="SEVERAL_BLANK_STARTS",
    title="Several start events without a trigger",
    severity=Severity.WARNING,
    description="An instance that nobody triggers by an event begins at the first start event without a trigger.",
    remedy="Keep one, or give the others the event that starts them.",
    example='<startEvent id="S"/><startEvent id="T"/>',
    corrected='<startEvent id="S"/><startEvent id="T"><signalEventDefinition signalRef="again"/></startEvent>',
    bpmnlint="single-blank-start-event",
    check=_check,
)
