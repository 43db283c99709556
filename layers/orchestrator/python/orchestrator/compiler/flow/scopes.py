"""All scopes of a process, analysed: graph, regions, cycles, and how scopes and activities nest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from orchestrator.compiler.bpmn.model import ElementId, EventKind, FlowNode, NodeType, ProcessModel, Scope
from orchestrator.compiler.flow.beside import start_of, with_beside
from orchestrator.compiler.flow.compensation import (
    Compensable,
    compensables,
    compensation_start,
    handler_scope,
    is_compensation_boundary,
    thrown_from,
)
from orchestrator.compiler.flow.graph import Edge, FlowGraph, Node
from orchestrator.compiler.flow.nesting import find_regions
from orchestrator.compiler.flow.normalise import normalise
from orchestrator.compiler.flow.regions import Region, Regions
from orchestrator.compiler.flow.threading import Threaded, find_threaded, with_threaded
from orchestrator.compiler.flow.tokens import judge_joins

_AWAITED = frozenset({EventKind.TIMER, EventKind.MESSAGE, EventKind.SIGNAL, EventKind.CONDITIONAL})


@dataclass(frozen=True, slots=True, eq=False)
class ScopeFlow:
    """One analysed scope.

    `owner` is the sub-process that holds it (None: the process), `outer` the scope of the owner and
    `owner_node` its node there (None for an event sub-process, which no flow leads to). A compensation handler stands
    alone, without owner, in the scope whose events start it.
    """

    scope: Scope
    graph: FlowGraph
    regions: Regions
    cyclic: frozenset[int]
    owner: FlowNode | None = None
    outer: "ScopeFlow | None" = None
    owner_node: Node | None = None

    #: boundary events of the scope by the activity they are attached to
    attached: Mapping[ElementId, tuple[FlowNode, ...]] = field(default_factory=dict[ElementId, tuple[FlowNode, ...]])
    event_sub_processes: tuple[FlowNode, ...] = ()
    #: the parts that run as side threads
    threaded: tuple[Threaded, ...] = ()
    #: what of the whole process can be compensated, by element id
    compensables: Mapping[ElementId, Compensable] = field(default_factory=dict[ElementId, Compensable])

    def threaded_at(self, index: int) -> Threaded | None:
        """Return the threaded region that is entered at a node, if one is."""
        return next((part for part in self.threaded if part.entry == index), None)

    def threaded_around(self, index: int) -> Threaded | None:
        """Return the threaded region that a node lies in, if it lies in one."""
        return next((part for part in self.threaded if index in part.inside), None)

    def is_advance(self, edge: Edge) -> bool:
        """Tell whether a token that takes the edge can reach fewer flows into inclusive joins of its region."""
        part = self.threaded_around(edge.source)
        return part is not None and edge in part.advances

    def is_boxed(self) -> bool:
        """Tell whether the scope needs a state of its own: something may stop it as a whole."""
        if self.owner is None or self.outer is None:
            return False
        stopped = self.owner.id in self.outer.attached or bool(self.event_sub_processes)
        return stopped or is_bounded(self.owner) or self.owner.id in self.compensables or is_ad_hoc(self.owner)

    def is_guarded(self) -> bool:
        """Tell whether event sub-processes may take the place of the scope's body."""
        return any(True for _ in started(self))

    def boundary_edges(self, index: int) -> tuple[Edge, ...]:
        """Return the edges from a node to the boundary events that interrupt it."""
        return tuple(edge for edge in self.graph.outgoing[index] if edge.exceptional and not edge.beside)

    def interrupting(self, activity: ElementId) -> tuple[FlowNode, ...]:
        """Return the boundary events that interrupt an activity of the scope."""
        return tuple(event for event in self.attached.get(activity, ()) if event.interrupting)

    def has_terminate(self, region: Region) -> bool:
        """Tell whether a terminate end event of this scope lies inside the region."""
        return any(terminates(self.graph.nodes[index].element) for index in region.body())


_Pending = tuple[Scope, FlowNode | None, ScopeFlow | None]


def analyse(process: ProcessModel) -> dict[str, ScopeFlow]:
    """Analyse the process and every sub-process in it; keys are scope ids, outer scopes first."""
    found: dict[str, ScopeFlow] = {}
    compensated = compensables(process)
    starting = thrown_from(process, compensated)
    handlers: list[FlowNode] = []
    pending: list[_Pending] = [(process.scope, None, None)]
    while pending or handlers:
        if not pending:
            handler = handlers.pop(0)
            pending.append((handler_scope(handler), None, found.get(starting.get(handler.id, ""))))
        scope, owner, outer = pending.pop()
        flow = found[scope.id] = _analyse_scope(scope, owner, outer, compensated)
        handlers.extend(node for node in scope.nodes if node.for_compensation)
        inner = [node for node in scope.nodes if node.scope is not None and not node.for_compensation]
        pending.extend(_contents(node, flow) for node in reversed(inner))
    return found


def _contents(node: FlowNode, flow: ScopeFlow) -> _Pending:
    """Return the scope that a node brings; a compensation event sub-process runs elsewhere, so nothing is around it."""
    return node.scope or Scope(node.id), node, None if compensation_start(node) else flow


def is_ad_hoc(element: FlowNode | None) -> bool:
    """Tell whether the element is an ad-hoc sub-process."""
    return element is not None and element.type is NodeType.AD_HOC_SUB_PROCESS


def is_chosen(element: FlowNode | None) -> bool:
    """Tell whether the element is an ad-hoc sub-process whose activities are begun over the API, as side threads."""
    return element is not None and is_ad_hoc(element) and element.active_elements is None


def is_bounded(element: FlowNode) -> bool:
    """Tell whether an activity has variables or rounds of its own: mappings of a sub-process, loop markers."""
    mapped = element.scope is not None and bool(element.execution.inputs or element.execution.outputs)
    return mapped or element.multi_instance is not None or element.loop is not None


def _analyse_scope(
    scope: Scope, owner: FlowNode | None, outer: ScopeFlow | None, compensated: Mapping[ElementId, Compensable]
) -> ScopeFlow:
    graph = normalise(scope, ad_hoc=is_ad_hoc(owner))
    attached: dict[ElementId, tuple[FlowNode, ...]] = {}
    for node in scope.nodes:
        if node.attached_to is not None and not is_compensation_boundary(node):
            attached[node.attached_to] = (*attached.get(node.attached_to, ()), node)
    nesting = with_beside(find_regions(graph), graph, scope)
    threaded = find_threaded(graph, nesting)
    return ScopeFlow(
        scope=scope,
        graph=graph,
        regions=judge_joins(graph, with_threaded(nesting, threaded), {part.entry: part.exit for part in threaded}),
        cyclic=graph.cyclic,
        owner=owner,
        outer=outer,
        owner_node=None if owner is None or outer is None else _node_of(outer.graph, owner),
        attached=attached,
        threaded=threaded,
        event_sub_processes=tuple(
            node
            for node in scope.nodes
            if node.triggered_by_event and node.scope is not None and compensation_start(node) is None
        ),
        compensables=compensated,
    )


def started(flow: ScopeFlow, *, interrupting: bool = True) -> Iterator[tuple[FlowNode, FlowNode]]:
    """Yield the event sub-processes of a scope that interrupt it (or do not), each with its start event."""
    for owner in flow.event_sub_processes:
        start = start_of(owner)
        if start is not None and start.interrupting is interrupting:
            yield owner, start


def awaited(event: FlowNode) -> bool:
    """Tell whether an event happens from outside, so that something waits for it."""
    return any(definition.kind in _AWAITED for definition in event.events)


def _node_of(graph: FlowGraph, element: FlowNode) -> Node | None:
    return next((node for node in graph.nodes if node.element is element and not node.synthetic), None)


def terminates(element: FlowNode | None) -> bool:
    """Tell whether the element is a terminate end event."""
    if element is None or element.type is not NodeType.END_EVENT:
        return False
    return any(event.kind is EventKind.TERMINATE for event in element.events)
