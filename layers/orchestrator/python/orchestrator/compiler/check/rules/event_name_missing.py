"""Message and signal events say which message or signal."""

from orchestrator.compiler.bpmn.model import EventKind, FlowNode
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import EVENTS, ScopeView, label
from orchestrator.diagnostics import Severity

_NAMED = frozenset({EventKind.MESSAGE, EventKind.SIGNAL})


def _check(node: FlowNode, _around: ScopeView) -> str | None:
    execution = node.execution
    if execution.task_type or execution.implementation or execution.message_name:
        return None
    called = (node.name, node.id)
    for event in node.events:
        if event.kind in _NAMED and event.reference is None and event.name in called:
            return f"{label(node)} ({node.type}) does not say which {event.kind}: it is taken for '{event.name}'"
    return None


RULE = NodeRule(
    code="EVENT_NAME_MISSING",
    title="Message or signal event without a name",
    severity=Severity.WARNING,
    description=(
        "Messages and signals are told apart by name. One that is not given is taken from the message flow, "
        "else from the event, so that throwing and catching events of different names do not meet."
    ),
    remedy="Refer to a `message` or `signal` element that has a name.",
    example='<startEvent id="S"><messageEventDefinition/></startEvent>',
    corrected='<startEvent id="S"><messageEventDefinition messageRef="order"/></startEvent>',
    types=EVENTS,
    check=_check,
)
