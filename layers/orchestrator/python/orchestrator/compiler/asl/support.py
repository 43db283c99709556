"""What the machine cannot run, told per element before anything is lowered."""

from collections.abc import Iterator, Mapping

from orchestrator.compiler.asl.ad_hoc_support import ad_hoc_reason
from orchestrator.compiler.asl.compensation_support import compensation_reasons
from orchestrator.compiler.bpmn.model import EventKind, FlowNode, NodeType, ProcessModel
from orchestrator.compiler.flow.beside import start_of
from orchestrator.compiler.flow.compensation import compensation_start, is_compensation_boundary
from orchestrator.compiler.flow.scopes import is_bounded
from orchestrator.diagnostics import Diagnostic

UNSUPPORTED_ELEMENT = "UNSUPPORTED_ELEMENT"
_NO_TYPE = {
    NodeType.COMPLEX_GATEWAY: "the activation condition of a complex gateway has no defined execution semantics",
}
_NOBODY = "nobody performs a receive task, so nobody raises an escalation there"
_ENDS = frozenset({EventKind.ERROR, EventKind.TERMINATE, EventKind.CANCEL})
_PUBLISHED = frozenset({EventKind.MESSAGE, EventKind.SIGNAL})
_AWAITED = _PUBLISHED | {EventKind.CONDITIONAL}
_CAUGHT = _AWAITED | {EventKind.TIMER}
_THROWN = frozenset({EventKind.ESCALATION, *_PUBLISHED})
_BOUNDARIES = frozenset({EventKind.ERROR, EventKind.ESCALATION, EventKind.TIMER, EventKind.CANCEL, *_AWAITED})
_BESIDE = frozenset({EventKind.TIMER, EventKind.ESCALATION, *_AWAITED})
_STARTS = frozenset({EventKind.ERROR, EventKind.ESCALATION, EventKind.TIMER, *_AWAITED})


def unsupported(process: ProcessModel) -> Iterator[Diagnostic]:
    """Yield a finding for every element that the machine cannot run, with the reason."""
    outermost = {node.id for node in process.scope.nodes}
    hosts: dict[str, FlowNode] = {node.id: node for node in process.scope.walk()}
    behind = _behind_gateways(process)
    uncompensated = compensation_reasons(process)
    inside = _in_mapped_scopes(process)
    for node in process.scope.walk():
        reason = _reason(node) or (_start_reason(node) if node.id in outermost else None)
        if reason is None and node.type is NodeType.EVENT_BASED_GATEWAY:
            reason = _gateway_reason(node, behind.get(node.id, []))
        if reason is None and node.type is NodeType.BOUNDARY_EVENT:
            reason = _host_reason(node, hosts)
        if reason is None and node.id in inside and any(event.kind is EventKind.CONDITIONAL for event in node.events):
            reason = "no condition sees what is written in a sub-process with output mappings yet"
        reason = reason or uncompensated.get(node.id)
        if reason is not None:
            shown = f"'{node.name or node.id}' ({node.type})"
            yield Diagnostic(UNSUPPORTED_ELEMENT, f"{shown} cannot run: {reason}", node.id, line=node.line)


def _host_reason(event: FlowNode, nodes: Mapping[str, FlowNode]) -> str | None:
    """Only what somebody performs, or what happens inside, escalates."""
    host = nodes.get(event.attached_to or "")
    escalates = any(one.kind is EventKind.ESCALATION for one in event.events)
    return _NOBODY if host is not None and host.type is NodeType.RECEIVE_TASK and escalates else None


def _in_mapped_scopes(process: ProcessModel) -> set[str]:
    """The nodes inside sub-processes that have output mappings."""
    mapped = (node.scope for node in process.scope.walk() if node.scope is not None and node.execution.outputs)
    return {node.id for scope in mapped for node in scope.walk()}


def _behind_gateways(process: ProcessModel) -> dict[str, list[FlowNode]]:
    """The nodes that follow each event-based gateway."""
    nodes = {node.id: node for node in process.scope.walk()}
    scopes = [process.scope, *(node.scope for node in nodes.values() if node.scope is not None)]
    behind: dict[str, list[FlowNode]] = {}
    for flow in (flow for scope in scopes for flow in scope.flows):
        source, target = nodes.get(flow.source), nodes.get(flow.target)
        if source is not None and target is not None and source.type is NodeType.EVENT_BASED_GATEWAY:
            behind.setdefault(source.id, []).append(target)
    return behind


def _reason(node: FlowNode) -> str | None:
    linked = any(event.kind is EventKind.LINK for event in node.events)
    if node.type in _NO_TYPE and not linked:
        return _NO_TYPE[node.type]
    if node.triggered_by_event:
        return _event_sub_process_reason(node)
    if node.type is NodeType.AD_HOC_SUB_PROCESS:
        return ad_hoc_reason(node)
    return None if is_compensation_boundary(node) else _event_reason(node)


def _event_sub_process_reason(node: FlowNode) -> str | None:
    start = start_of(node)
    if start is not None and compensation_start(node) is not None and not is_bounded(node):
        return None
    if start is None:
        return "it has no start event that something could trigger"
    if is_bounded(node):
        return "mappings and loop markers of event sub-processes do not run yet"
    if not start.interrupting:
        return _beside_reason(start, "event sub-processes")
    missing = _first_missing({event.kind for event in start.events} - _STARTS, "event sub-processes")
    return _several_reason(start, "event sub-processes") or missing


def _start_reason(node: FlowNode) -> str | None:
    """An instance that nothing would start must not look deployed."""
    if node.type is not NodeType.START_EVENT:
        return None
    if node.parallel_multiple and len(node.events) > 1:
        return "start events that wait for several events to happen do not run yet"
    return _first_missing({event.kind for event in node.events} - _AWAITED - {EventKind.TIMER}, "start events")


def _event_reason(node: FlowNode) -> str | None:
    kinds = {event.kind for event in node.events} - {EventKind.LINK}
    if node.type is NodeType.BOUNDARY_EVENT:
        if not node.interrupting:
            return _beside_reason(node, "boundary events")
        return _several_reason(node, "boundary events") or _first_missing(kinds - _BOUNDARIES, "boundary events")
    if node.type is NodeType.END_EVENT:
        return _first_missing(kinds - _ENDS, "end events") if kinds & _ENDS else _throw_reason(node, "end events")
    if node.type is NodeType.INTERMEDIATE_CATCH_EVENT:
        return _catch_reason(node)
    if node.type is NodeType.INTERMEDIATE_THROW_EVENT:
        return _throw_reason(node, "throw events")
    return None


def _beside_reason(node: FlowNode, what: str) -> str | None:
    """What may happen beside an activity or scope that goes on."""
    several = _several_reason(node, what)
    return several or _first_missing({event.kind for event in node.events} - _BESIDE, f"non-interrupting {what}")


def _several_reason(node: FlowNode, what: str) -> str | None:
    several = node.parallel_multiple and len(node.events) > 1
    return f"{what} that wait for several events to happen do not run yet" if several else None


def _catch_reason(node: FlowNode) -> str | None:
    kinds = [event.kind for event in node.events]
    if not kinds:
        return "it does not say what it waits for"
    if kinds in ([EventKind.TIMER], [EventKind.LINK]):
        return None
    return _first_missing(set(kinds) - _CAUGHT, "catch events (alone or among several)")


def _throw_reason(node: FlowNode, what: str) -> str | None:
    kinds = {event.kind for event in node.events} - {EventKind.LINK, EventKind.COMPENSATION}
    if len(node.events) > 1 and not kinds <= _PUBLISHED:
        return "of events that throw several things, only messages and signals run yet"
    return _first_missing(kinds - _THROWN, what)


def _gateway_reason(node: FlowNode, targets: list[FlowNode]) -> str | None:
    if node.instantiate:
        return "it starts instances only by one message, signal or timer of several that nothing else leads to"
    for target in targets:
        if target.type is NodeType.RECEIVE_TASK or [event.kind for event in target.events] == [EventKind.TIMER]:
            continue
        reason = "it is no event" if target.type is not NodeType.INTERMEDIATE_CATCH_EVENT else _behind_reason(target)
        if reason is not None:
            return f"the gateway cannot wait for '{target.id}': {reason}"
    return None if targets else "no event follows it"


def _behind_reason(target: FlowNode) -> str | None:
    if any(event.kind is EventKind.TIMER for event in target.events) and len(target.events) > 1:
        return "a timer among several events behind a gateway does not run yet"
    return _several_reason(target, "catch events behind a gateway") or _catch_reason(target)


def _first_missing(kinds: set[EventKind], what: str) -> str | None:
    return f"{min(kinds)} {what} do not run yet" if kinds else None
