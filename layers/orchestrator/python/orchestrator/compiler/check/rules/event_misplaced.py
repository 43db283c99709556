"""Each kind of event stands where BPMN allows it."""

from collections.abc import Mapping

from orchestrator.compiler.bpmn.model import EventKind, FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import EVENTS, ScopeView, label
from orchestrator.diagnostics import Severity

_ALWAYS = frozenset({EventKind.MESSAGE, EventKind.SIGNAL})
_CAUGHT = _ALWAYS | {EventKind.TIMER, EventKind.CONDITIONAL}
_THROWN = _ALWAYS | {EventKind.ESCALATION, EventKind.COMPENSATION}
_RAISED = frozenset({EventKind.ERROR, EventKind.ESCALATION, EventKind.COMPENSATION})
#: BPMN table 10.93
_ALLOWED: Mapping[NodeType, frozenset[EventKind]] = {
    NodeType.START_EVENT: _CAUGHT,
    NodeType.INTERMEDIATE_CATCH_EVENT: _CAUGHT | {EventKind.LINK},
    NodeType.INTERMEDIATE_THROW_EVENT: _THROWN | {EventKind.LINK},
    NodeType.BOUNDARY_EVENT: _CAUGHT | _RAISED | {EventKind.CANCEL},
    NodeType.END_EVENT: _THROWN | {EventKind.ERROR, EventKind.CANCEL, EventKind.TERMINATE},
}


def _check(node: FlowNode, around: ScopeView) -> str | None:
    allowed = _ALLOWED[node.type]
    if node.type is NodeType.START_EVENT:
        if not around.is_process and not around.is_event_sub_process:
            return None
        allowed = allowed | _RAISED if around.is_event_sub_process else allowed
    wrong = next((event.kind for event in node.events if event.kind not in allowed), None)
    return None if wrong is None else f"A {node.type} cannot have a {wrong} event: {label(node)}"


RULE = NodeRule(
    code="EVENT_MISPLACED",
    title="Kind of event that cannot stand here",
    severity=Severity.ERROR,
    description="Which kinds of events can start, interrupt, be waited for, be thrown or end is fixed (BPMN 10.5.6).",
    remedy="Use a kind that is allowed here; errors, for example, are caught at boundaries and in event sub-processes.",
    example='<intermediateCatchEvent id="C"><errorEventDefinition/></intermediateCatchEvent>',
    corrected='<task id="A"/><boundaryEvent id="C" attachedToRef="A"><errorEventDefinition/></boundaryEvent>',
    types=EVENTS,
    check=_check,
)
