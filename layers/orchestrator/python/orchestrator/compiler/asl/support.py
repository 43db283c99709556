"""What the machine cannot run, told per element before anything is lowered."""

from collections.abc import Iterator

from orchestrator.compiler.bpmn.model import EventKind, FlowNode, NodeType, ProcessModel
from orchestrator.diagnostics import Diagnostic

UNSUPPORTED_ELEMENT = "UNSUPPORTED_ELEMENT"
_NO_TYPE = {
    NodeType.RECEIVE_TASK: "receive tasks do not wait for messages yet",
    NodeType.CALL_ACTIVITY: "called processes do not run yet",
    NodeType.TRANSACTION: "transactions do not run yet",
    NodeType.AD_HOC_SUB_PROCESS: "ad-hoc sub-processes do not run yet",
    NodeType.EVENT_BASED_GATEWAY: "event-based gateways do not wait yet",
    NodeType.COMPLEX_GATEWAY: "the activation condition of a complex gateway has no defined execution semantics",
}
_ENDS = frozenset({EventKind.ERROR, EventKind.TERMINATE})
_BOUNDARIES = frozenset({EventKind.ERROR, EventKind.TIMER})


def unsupported(process: ProcessModel) -> Iterator[Diagnostic]:
    """Yield a finding for every element that the machine cannot run, with the reason."""
    outermost = {node.id for node in process.scope.nodes}
    for node in process.scope.walk():
        reason = _reason(node) or (_start_reason(node) if node.id in outermost else None)
        if reason is not None:
            shown = f"'{node.name or node.id}' ({node.type})"
            yield Diagnostic(UNSUPPORTED_ELEMENT, f"{shown} cannot run: {reason}", node.id, line=node.line)


def _reason(node: FlowNode) -> str | None:
    linked = any(event.kind is EventKind.LINK for event in node.events)
    if node.type in _NO_TYPE and not linked:
        return _NO_TYPE[node.type]
    if node.triggered_by_event:
        return "event sub-processes are not started yet"
    if node.for_compensation:
        return "compensation does not run yet"
    return _event_reason(node)


def _start_reason(node: FlowNode) -> str | None:
    """An instance that nothing would start must not look deployed."""
    if node.type is not NodeType.START_EVENT:
        return None
    return _first_missing({event.kind for event in node.events}, "start events")


def _event_reason(node: FlowNode) -> str | None:
    kinds = {event.kind for event in node.events} - {EventKind.LINK}
    if node.type is NodeType.BOUNDARY_EVENT:
        if not node.interrupting:
            return "non-interrupting boundary events do not run yet"
        return _first_missing(kinds - _BOUNDARIES, "boundary events")
    if node.type is NodeType.END_EVENT:
        return _first_missing(kinds - _ENDS, "end events")
    if node.type is NodeType.INTERMEDIATE_CATCH_EVENT:
        runs = len(node.events) == 1 and node.events[0].kind in {EventKind.TIMER, EventKind.LINK}
        return None if runs else "catch events other than one timer do not wait yet"
    if node.type is NodeType.INTERMEDIATE_THROW_EVENT:
        return _first_missing(kinds, "throw events")
    return None


def _first_missing(kinds: set[EventKind], what: str) -> str | None:
    return f"{min(kinds)} {what} do not run yet" if kinds else None
