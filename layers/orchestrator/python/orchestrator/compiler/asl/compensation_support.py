"""What of compensation and cancellation the machine cannot run, told per element."""

from collections.abc import Iterator

from orchestrator.compiler.bpmn.model import ElementId, EventDefinition, EventKind, FlowNode, NodeType, ProcessModel
from orchestrator.compiler.flow.compensation import Compensable, compensables, compensation_start

_THROWING = frozenset({NodeType.INTERMEDIATE_THROW_EVENT, NodeType.END_EVENT})


def compensation_reasons(process: ProcessModel) -> dict[ElementId, str]:
    """Return why elements that have to do with compensation cannot run, by their ids."""
    return dict(_Reasons(process).found())


class _Reasons:
    def __init__(self, process: ProcessModel) -> None:
        self._process = process
        self._nodes = {node.id: node for node in process.scope.walk()}
        self._around = {
            inner.id: node for node in self._nodes.values() if node.scope is not None for inner in node.scope.nodes
        }
        self._compensables = compensables(process)
        scopes = [process.scope, *(node.scope for node in self._nodes.values() if node.scope is not None)]
        self._flows = [flow for scope in scopes for flow in scope.flows]

    def found(self) -> Iterator[tuple[ElementId, str]]:
        for node in self._nodes.values():
            reason = self._reason(node)
            if reason is not None:
                yield node.id, reason

    def _reason(self, node: FlowNode) -> str | None:
        if compensation_start(node) is not None and node.id not in self._around:
            return "nothing compensates a whole process, so nothing starts it"
        if node.type is NodeType.RECEIVE_TASK and node.id in self._compensables:
            return self._receive(node)
        if node.type is NodeType.BOUNDARY_EVENT:
            return self._boundary(node)
        if node.type in _THROWING:
            reasons = (self._throw(node, event) for event in node.events)
            return next((reason for reason in reasons if reason is not None), None)
        return None

    def _boundary(self, node: FlowNode) -> str | None:
        host = self._nodes.get(node.attached_to or ElementId(""))
        if host is not None and host.for_compensation:
            return "boundary events of compensation handlers do not run yet"
        if any(event.kind is EventKind.CANCEL for event in node.events) and _is_repeated(host):
            return "cancelling one of several instances of a transaction does not run yet"
        return None

    def _receive(self, node: FlowNode) -> str | None:
        sources = (self._nodes.get(flow.source) for flow in self._flows if flow.target == node.id)
        if any(source is not None and source.type is NodeType.EVENT_BASED_GATEWAY for source in sources):
            return "compensation of a receive task behind an event-based gateway does not run yet"
        return None

    def _throw(self, node: FlowNode, event: EventDefinition) -> str | None:
        if event.kind is EventKind.CANCEL:
            return None if self._has_cancel_boundary(node) else "its transaction has no cancel boundary event"
        if event.kind is not EventKind.COMPENSATION:
            return None
        if len(node.events) > 1:
            return "events that throw several things do not run yet"
        if not event.wait_for_completion and node.type is NodeType.INTERMEDIATE_THROW_EVENT:
            return "compensation that nobody waits for does not run yet"
        known = self._compensables.get(event.activity_ref or ElementId(""))
        return None if known is None else self._elsewhere(node, known)

    def _elsewhere(self, node: FlowNode, activity: Compensable) -> str | None:
        """An event compensates activities of its own scope; in an event sub-process, those of the scope around."""
        owner = self._around.get(node.id)
        while owner is not None and owner.triggered_by_event:
            owner = self._around.get(owner.id)
        scope = self._process.scope.id if owner is None else owner.id
        return None if scope == activity.scope else f"'{activity.element_id}' belongs to another scope"

    def _has_cancel_boundary(self, end: FlowNode) -> bool:
        owner = self._around.get(end.id)
        boundaries = (node for node in self._nodes.values() if owner is not None and node.attached_to == owner.id)
        return any(event.kind is EventKind.CANCEL for node in boundaries for event in node.events)


def _is_repeated(activity: FlowNode | None) -> bool:
    return activity is not None and (activity.multi_instance is not None or activity.loop is not None)
