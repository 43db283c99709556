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
    nameless = next((event.kind for event in node.events if event.kind in _NAMED and not event.name), None)
    return None if nameless is None else f"{label(node)} ({node.type}) does not say which {nameless}"


RULE = NodeRule(
    code="EVENT_NAME_MISSING",
    title="Message or signal event without a name",
    severity=Severity.ERROR,
    description=(
        "Messages and signals are told apart by name: an event that names none can neither be reached nor be heard. "
        "A throw event that a worker performs needs none."
    ),
    remedy="Refer to a `message` or `signal` element that has a name.",
    example='<startEvent id="S"><messageEventDefinition/></startEvent>',
    corrected='<startEvent id="S"><messageEventDefinition messageRef="order"/></startEvent>',
    types=EVENTS,
    check=_check,
)
