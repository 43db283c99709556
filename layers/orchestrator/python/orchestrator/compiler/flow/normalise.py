"""From a scope to its normal form: gateways that only split or only join, one entry, one exit, links resolved.

    [A] with two outgoing flows          A -> A:split (fork) -> ...
    [A] with conditions on them          A -> A:split (inclusive fork, default respected)   BPMN 13.3.1
    <+> with two in, two out             <+> (join) -> +:split (fork)
    <o> with two in, one out             <o> (inclusive join)
    [A] with one flow and a condition    A -> A:split (choice): nothing holds, nothing goes on
    (link x) ... (link x)                an edge from throw to catch
    end events, nodes without a way out  -> EXIT;  error, terminate and cancel ends lead nowhere
    no start event                       ENTRY -> every node without a way in;  nothing at all: ENTRY -> EXIT
    ad-hoc sub-process                   ENTRY -> each node without a way in, as alternatives

Several incoming flows of anything but a joining gateway are an exclusive merge and need no node.
"""

from orchestrator.compiler.bpmn.model import ElementId, EventKind, FlowNode, NodeType, Scope, SequenceFlow
from orchestrator.compiler.flow.compensation import is_compensation_boundary
from orchestrator.compiler.flow.graph import Edge, FlowGraph, Node, Role, assemble

_ABORTING = frozenset({EventKind.ERROR, EventKind.TERMINATE, EventKind.CANCEL})
_SPLIT_ROLES = {
    NodeType.EXCLUSIVE_GATEWAY: Role.CHOICE,
    NodeType.PARALLEL_GATEWAY: Role.FORK,
    NodeType.INCLUSIVE_GATEWAY: Role.INCLUSIVE_FORK,
    NodeType.EVENT_BASED_GATEWAY: Role.EVENT_CHOICE,
}
#: gateways that do not look at conditions
_UNCONDITIONAL = frozenset({NodeType.PARALLEL_GATEWAY, NodeType.EVENT_BASED_GATEWAY, NodeType.COMPLEX_GATEWAY})
_JOIN_ROLES = {NodeType.PARALLEL_GATEWAY: Role.JOIN, NodeType.INCLUSIVE_GATEWAY: Role.INCLUSIVE_JOIN}


def normalise(scope: Scope, *, ad_hoc: bool = False) -> FlowGraph:
    """Build the normal form of `scope`; flows with an end outside it are left out (the checks report them).

    In an `ad_hoc` sub-process each node without a way in is an alternative: what begins is said from outside.
    """
    return _Normaliser(scope, ad_hoc=ad_hoc).graph()


def is_aborting(element: FlowNode) -> bool:
    """Tell whether reaching this end event stops other tokens (error, terminate and cancel end events)."""
    return element.type is NodeType.END_EVENT and any(event.kind in _ABORTING for event in element.events)


def link_name(element: FlowNode) -> str | None:
    """Return the name of a link event (the event's own name where the definition has none), None for others."""
    return next((event.name or element.name for event in element.events if event.kind is EventKind.LINK), None)


def on_flow(element: FlowNode) -> bool:
    """Tell whether tokens reach the element over edges: not event sub-processes, not what compensation needs."""
    return not (element.triggered_by_event or element.for_compensation or is_compensation_boundary(element))


class _Normaliser:
    """Working state of one scope: every element has an `inlet` node and an `outlet` node, mostly the same."""

    def __init__(self, scope: Scope, *, ad_hoc: bool) -> None:
        self._scope, self._ad_hoc = scope, ad_hoc
        self._elements = [node for node in scope.nodes if on_flow(node)]
        self._known = {node.id for node in self._elements}
        self._in: dict[ElementId, list[SequenceFlow]] = {node.id: [] for node in self._elements}
        self._out: dict[ElementId, list[SequenceFlow]] = {node.id: [] for node in self._elements}
        self._flows = [flow for flow in scope.flows if flow.source in self._known and flow.target in self._known]
        for flow in self._flows:
            self._out[flow.source].append(flow)
            self._in[flow.target].append(flow)
        self._nodes: list[Node] = []
        self._edges: list[Edge] = []
        self._inlet: dict[ElementId, int] = {}
        self._outlet: dict[ElementId, int] = {}

    def graph(self) -> FlowGraph:
        entry = self._add(f"{self._scope.id}:entry", Role.ENTRY)
        for element in self._elements:
            self._place(element)
        exit_ = self._add(f"{self._scope.id}:exit", Role.EXIT)
        self._connect_entry(entry)
        for flow in self._flows:
            self._edges.append(Edge(self._outlet[flow.source], self._inlet[flow.target], flow))
        self._connect_links()
        self._connect_boundaries()
        self._connect_exit(entry, exit_)
        return assemble(self._scope.id, self._nodes, self._edges, entry=entry, exit_=exit_)

    def _add(self, id_: str, role: Role, element: FlowNode | None = None, *, synthetic: bool = False) -> int:
        self._nodes.append(Node(len(self._nodes), id_, role, element, synthetic))
        return len(self._nodes) - 1

    def _place(self, element: FlowNode) -> None:
        joins, splits = len(self._in[element.id]) > 1, self._splits(element)
        inlet = self._add(element.id, self._inlet_role(element, joins=joins, splits=splits), element)
        self._inlet[element.id] = self._outlet[element.id] = inlet
        split = self._split_role(element) if splits else None
        if split is not None and self._nodes[inlet].role is not split:
            outlet = self._add(f"{element.id}:split", split, element, synthetic=True)
            self._edges.append(Edge(inlet, outlet))
            self._outlet[element.id] = outlet

    def _splits(self, element: FlowNode) -> bool:
        """Several ways out, or a single one that a condition guards: it may turn out to be none."""
        ways = self._out[element.id]
        return len(ways) > 1 or (
            len(ways) == 1 and ways[0].condition is not None and element.type not in _UNCONDITIONAL
        )

    def _inlet_role(self, element: FlowNode, *, joins: bool, splits: bool) -> Role:
        if is_aborting(element):
            return Role.ABORT
        if element.type is NodeType.EVENT_BASED_GATEWAY:
            return Role.EVENT_CHOICE
        if joins and element.type in _JOIN_ROLES:
            return _JOIN_ROLES[element.type]
        return self._split_role(element) if splits and element.type in _SPLIT_ROLES else Role.STEP

    def _split_role(self, element: FlowNode) -> Role:
        if len(self._out[element.id]) == 1:
            return Role.CHOICE
        gateway = _SPLIT_ROLES.get(element.type)
        if gateway is not None:
            return gateway
        conditional = any(flow.condition is not None for flow in self._out[element.id])
        return Role.INCLUSIVE_FORK if conditional else Role.FORK

    def _connect_entry(self, entry: int) -> None:
        starts = [node for node in self._elements if node.type is NodeType.START_EVENT]
        if starts and not self._ad_hoc:
            for start in sorted(starts, key=lambda node: bool(node.events)):
                self._edges.append(Edge(entry, self._inlet[start.id]))
            return
        implicit = [node for node in self._elements if self._starts_implicitly(node)]
        source = entry
        if len(implicit) > 1 and not self._ad_hoc:
            source = self._add(f"{self._scope.id}:start", Role.FORK, synthetic=True)
            self._edges.append(Edge(entry, source))
        self._edges.extend(Edge(source, self._inlet[node.id]) for node in implicit)

    def _starts_implicitly(self, element: FlowNode) -> bool:
        linked = element.type is NodeType.INTERMEDIATE_CATCH_EVENT and link_name(element) is not None
        return not self._in[element.id] and element.type is not NodeType.BOUNDARY_EVENT and not linked

    def _connect_links(self) -> None:
        catches = {link_name(node): node for node in self._elements if node.type is NodeType.INTERMEDIATE_CATCH_EVENT}
        for node in self._elements:
            name = link_name(node) if node.type is NodeType.INTERMEDIATE_THROW_EVENT else None
            if name is not None and name in catches:
                self._edges.append(Edge(self._outlet[node.id], self._inlet[catches[name].id]))

    def _connect_boundaries(self) -> None:
        for node in self._elements:
            host = self._inlet.get(node.attached_to) if node.attached_to is not None else None
            if node.type is NodeType.BOUNDARY_EVENT and host is not None:
                beside = not node.interrupting
                self._edges.append(Edge(host, self._inlet[node.id], exceptional=True, beside=beside))

    def _connect_exit(self, entry: int, exit_: int) -> None:
        left = {edge.source for edge in self._edges if not edge.exceptional}
        ends = [entry, *(self._outlet[node.id] for node in self._elements)]
        self._edges.extend(
            Edge(end, exit_) for end in ends if end not in left and self._nodes[end].role is not Role.ABORT
        )
