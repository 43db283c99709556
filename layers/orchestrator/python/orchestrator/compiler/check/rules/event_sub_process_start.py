"""An event sub-process has one start event, with a trigger."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, _around: ScopeView) -> str | None:
    if not node.triggered_by_event or node.scope is None:
        return None
    starts = [inner for inner in node.scope.nodes if inner.type is NodeType.START_EVENT]
    if len(starts) != 1:
        return f"Event sub-process {label(node)} has {len(starts)} start events; it needs one"
    return None if starts[0].events else f"The start event of event sub-process {label(node)} names no event"


RULE = NodeRule(
    code="EVENT_SUB_PROCESS_START",
    title="Event sub-process that nothing can start",
    severity=Severity.ERROR,
    description="An event sub-process begins with exactly one start event, whose event starts it (BPMN 10.3.5).",
    remedy="Give its start event a timer, message, signal, error, escalation, condition or compensation.",
    example='<subProcess id="P" triggeredByEvent="true"><startEvent id="S"/></subProcess>',
    corrected="""
    <subProcess id="P" triggeredByEvent="true"><startEvent id="S"><errorEventDefinition/></startEvent></subProcess>""",
    bpmnlint="event-sub-process-typed-start-event",
    types=frozenset({NodeType.SUB_PROCESS}),
    check=_check,
)
