"""A process as the rules look at it: scopes with their neighbourhoods, indexed once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast

from orchestrator.compiler.bpmn.model import (
    Document,
    ElementId,
    EventKind,
    FlowNode,
    NodeType,
    ProcessModel,
    Scope,
    SequenceFlow,
)

GATEWAYS = frozenset(node_type for node_type in NodeType if node_type.value.endswith("Gateway"))
EVENTS = frozenset(node_type for node_type in NodeType if node_type.value.endswith("Event"))
ACTIVITIES = frozenset(NodeType) - GATEWAYS - EVENTS
SUB_PROCESSES = frozenset({NodeType.SUB_PROCESS, NodeType.TRANSACTION, NodeType.AD_HOC_SUB_PROCESS})
#: activities that are one piece of work
TASKS = ACTIVITIES - SUB_PROCESSES - {NodeType.CALL_ACTIVITY}
ALL = frozenset(NodeType)


class Located(Protocol):
    """What a finding can be about."""

    @property
    def id(self) -> ElementId:
        """The BPMN id."""
        ...

    @property
    def line(self) -> int | None:
        """The line of the file."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class ScopeView:
    """One scope: `owner` is the process or the sub-process that it is the contents of."""

    scope: Scope
    owner: ProcessModel | FlowNode
    outer: "ScopeView | None"
    nodes: Mapping[ElementId, FlowNode]
    incoming: Mapping[ElementId, list[SequenceFlow]]
    outgoing: Mapping[ElementId, list[SequenceFlow]]
    attached: Mapping[ElementId, list[FlowNode]]
    by_type: Mapping[NodeType, list[FlowNode]]
    #: link catch events and link throw events by the name of their link
    link_catches: Mapping[str | None, list[FlowNode]]
    link_throws: Mapping[str | None, list[FlowNode]]
    #: whether an interrupting timer bounds how long the scope can be active
    is_bounded: bool

    def flows_into(self, node: FlowNode) -> list[SequenceFlow]:
        """Return the sequence flows that lead to a node, in document order."""
        return self.incoming.get(node.id, [])

    def flows_out_of(self, node: FlowNode) -> list[SequenceFlow]:
        """Return the sequence flows that leave a node, in document order."""
        return self.outgoing.get(node.id, [])

    def boundaries_of(self, node: FlowNode) -> list[FlowNode]:
        """Return the boundary events of an activity."""
        return self.attached.get(node.id, [])

    def of_type(self, node_type: NodeType) -> list[FlowNode]:
        """Return the nodes of one type, in document order."""
        return self.by_type.get(node_type, [])

    @property
    def is_process(self) -> bool:
        """Tell whether this is the process itself."""
        return isinstance(self.owner, ProcessModel)

    @property
    def is_event_sub_process(self) -> bool:
        """Tell whether an event starts this scope."""
        return isinstance(self.owner, FlowNode) and self.owner.triggered_by_event

    @property
    def is_ad_hoc(self) -> bool:
        """Tell whether the activities of this scope are started one by one."""
        return isinstance(self.owner, FlowNode) and self.owner.type is NodeType.AD_HOC_SUB_PROCESS


@dataclass(frozen=True, slots=True, eq=False)
class ProcessView:
    """A process with all its scopes, outer before inner; `scope_of` leads from a node to the scope it lies in."""

    document: Document
    process: ProcessModel
    scopes: tuple[ScopeView, ...]
    scope_of: Mapping[ElementId, ScopeView]


@dataclass(slots=True)
class _Viewer:
    scopes: list[ScopeView] = field(default_factory=list[ScopeView])
    scope_of: dict[ElementId, ScopeView] = field(default_factory=dict[ElementId, ScopeView])

    def view(self, scope: Scope, owner: ProcessModel | FlowNode, outer: ScopeView | None) -> None:
        seen = _view_scope(scope, owner, outer)
        self.scopes.append(seen)
        for node in scope.nodes:
            self.scope_of[node.id] = seen
            if node.scope is not None:
                self.view(node.scope, node, seen)


def view_process(process: ProcessModel, document: Document | None = None) -> ProcessView:
    """Index a process, and the file that it is from; linear in its nodes and flows."""
    viewer = _Viewer()
    viewer.view(process.scope, process, None)
    return ProcessView(document or Document((process,)), process, tuple(viewer.scopes), viewer.scope_of)


def label(node: FlowNode) -> str:
    """Return how messages call a node: by its name, else its id."""
    return f"'{' '.join(node.name.split()) if node.name else node.id}'"


def has_event(node: FlowNode, *kinds: EventKind) -> bool:
    """Tell whether a node has an event definition of one of these kinds."""
    return any(event.kind in kinds for event in node.events)


def link_name(node: FlowNode) -> str | None:
    """Return the name of a link event: its definition's, else its own."""
    return next((event.name or node.name for event in node.events if event.kind is EventKind.LINK), None)


def has_timeout(activity: FlowNode, around: ScopeView) -> bool:
    """Tell whether an interrupting timer is attached to an activity."""
    boundaries = around.boundaries_of(activity)
    return any(event.interrupting and has_event(event, EventKind.TIMER) for event in boundaries)


def _view_scope(scope: Scope, owner: ProcessModel | FlowNode, outer: ScopeView | None) -> ScopeView:
    incoming: dict[ElementId, list[SequenceFlow]] = {}
    outgoing: dict[ElementId, list[SequenceFlow]] = {}
    attached: dict[ElementId, list[FlowNode]] = {}
    by_type: dict[NodeType, list[FlowNode]] = {}
    for flow in scope.flows:
        outgoing.setdefault(flow.source, []).append(flow)
        incoming.setdefault(flow.target, []).append(flow)
    for node in scope.nodes:
        by_type.setdefault(node.type, []).append(node)
        if node.attached_to is not None:
            attached.setdefault(node.attached_to, []).append(node)
    return ScopeView(
        scope=scope,
        owner=owner,
        outer=outer,
        nodes={node.id: node for node in scope.nodes},
        incoming=incoming,
        outgoing=outgoing,
        attached=attached,
        by_type=by_type,
        link_catches=_links(by_type.get(NodeType.INTERMEDIATE_CATCH_EVENT, [])),
        link_throws=_links(by_type.get(NodeType.INTERMEDIATE_THROW_EVENT, [])),
        is_bounded=outer is not None and (outer.is_bounded or has_timeout(cast("FlowNode", owner), outer)),
    )


def _links(events: list[FlowNode]) -> Mapping[str | None, list[FlowNode]]:
    named: dict[str | None, list[FlowNode]] = {}
    for event in events:
        if has_event(event, EventKind.LINK):
            named.setdefault(link_name(event), []).append(event)
    return named
