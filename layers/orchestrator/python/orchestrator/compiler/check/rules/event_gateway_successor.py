"""An event-based gateway leads to events that can be waited for."""

from orchestrator.compiler.bpmn.model import EventKind, NodeType, SequenceFlow
from orchestrator.compiler.check.rule import FlowRule
from orchestrator.compiler.check.view import ScopeView, has_event, label
from orchestrator.diagnostics import Severity

_WAITABLE = (EventKind.TIMER, EventKind.MESSAGE, EventKind.SIGNAL, EventKind.CONDITIONAL)


def _check(flow: SequenceFlow, around: ScopeView) -> str | None:
    gateway, target = around.nodes.get(flow.source), around.nodes.get(flow.target)
    if gateway is None or target is None or gateway.type is not NodeType.EVENT_BASED_GATEWAY:
        return None
    catches = target.type is NodeType.INTERMEDIATE_CATCH_EVENT and has_event(target, *_WAITABLE)
    if catches or target.type is NodeType.RECEIVE_TASK:
        return None
    return f"Event-based gateway {label(gateway)} leads to {label(target)} ({target.type}), which waits for no event"


RULE = FlowRule(
    code="EVENT_GATEWAY_SUCCESSOR",
    title="Event-based gateway before something that is no event",
    severity=Severity.ERROR,
    description=(
        "The first event behind an event-based gateway decides where it goes on, so each of its flows leads to a "
        "receive task or to an intermediate catch event with a timer, message, signal or condition (BPMN 10.6.6)."
    ),
    remedy="Put a catch event between the gateway and the element.",
    example='<eventBasedGateway id="G"/><userTask id="A"/><sequenceFlow id="f" sourceRef="G" targetRef="A"/>',
    corrected='<eventBasedGateway id="G"/><receiveTask id="A"/><sequenceFlow id="f" sourceRef="G" targetRef="A"/>',
    check=_check,
)
