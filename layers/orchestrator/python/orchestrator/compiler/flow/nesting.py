"""Find the concurrent regions of a graph, outer splits first.

Rules, per split F:
1. J is the nearest common post-dominator of the branches; their bodies are what they reach before J. Ends that
   abort the scope (error, terminate) do not count as ways past J.
2. Disjoint bodies: native. Where J is the end, the branches just end.
3. Bodies that overlap form a group, a region of its own inside one branch: its join does not wait for the others.
4. All overlap because a branch may end before J: J is the one joining node through which the overlap is entered.
5. Branches meet where nothing synchronises (exclusive gateway, activity): what follows runs once per token, so
   each branch gets a copy, if the copies are small and do not lead back to F.
A body is entered from F only and left to J or to ends only; anything else does not nest.
"""

from orchestrator.compiler.bpmn.model import NodeType
from orchestrator.compiler.flow.analysis import DominatorTree, on_cycles, postorder, reach, reverse
from orchestrator.compiler.flow.graph import FORKS, JOINS, Edge, FlowGraph, Role
from orchestrator.compiler.flow.regions import Branch, Mode, Region, Regions

#: nodes that one region may copy, so that machines stay small
COPY_LIMIT = 200
#: splits nested in each other, so that the machine's JSON stays readable for every parser
DEPTH_LIMIT = 60

Bodies = list[set[int]]


def find_regions(graph: FlowGraph) -> Regions:
    """Classify every split of `graph` that a token can reach; linear in nodes times nesting depth."""
    return _Finder(graph).find()


class _NotNestedError(Exception):
    """Why a split cannot be one `Parallel`; caught where its region is classified."""


class _Finder:
    def __init__(self, graph: FlowGraph) -> None:
        self._graph = graph
        self._successors = graph.successors
        self._order = postorder(self._successors, graph.entry)[::-1]
        self._reachable = frozenset(self._order)
        #: for every node, the nodes at which the regions around it end, and how many those are
        self._stops: dict[int, frozenset[int]] = {}
        self._depth: dict[int, int] = {}
        self._found = Regions()

    def find(self) -> Regions:
        forks = [index for index in self._order if self._graph.nodes[index].role in FORKS]
        if forks:
            self._post_dominators = DominatorTree(reverse(self._successors), self._graph.exit)
        for fork in forks:
            region = self._classify(fork)
            self._found.by_fork[fork] = region
            self._enclose(region, self._around(fork), self._depth.get(fork, 0))
        self._found.lonely_joins = self._lonely_joins()
        return self._found

    def _around(self, index: int) -> frozenset[int]:
        return self._stops.get(index, frozenset({self._graph.exit}))

    def _classify(self, fork: int) -> Region:
        if self._depth.get(fork, 0) >= DEPTH_LIMIT:
            return self._threaded(fork, f"more than {DEPTH_LIMIT} splits are nested in each other")
        try:
            return self._region(fork, self._graph.flows(fork), self._around(fork))
        except _NotNestedError as reason:
            return self._threaded(fork, str(reason))

    def _threaded(self, fork: int, reason: str) -> Region:
        return Region(fork, self._graph.exit, Mode.THREADED, reason=reason)

    def _enclose(self, region: Region, around: frozenset[int], depth: int) -> None:
        stops = around | {region.join}
        for branch in region.branches:
            if branch.inner is not None:
                self._enclose(branch.inner, stops, depth + 1)
            inner = branch.inner.body() if branch.inner is not None else frozenset[int]()
            for index in branch.body - inner:
                self._stops[index], self._depth[index] = stops, depth + 1

    def _region(self, fork: int, edges: tuple[Edge, ...], stops: frozenset[int]) -> Region:
        join = self._nearest_join(edges, stops)
        bodies = self._bodies(fork, edges, stops | {join})
        if len(_groups(bodies)) == 1:
            return self._overlapped(fork, edges, bodies, stops)
        return self._close(fork, join, self._branches(fork, edges, bodies, stops | {join}), stops)

    def _nearest_join(self, edges: tuple[Edge, ...], stops: frozenset[int]) -> int:
        tree = self._post_dominators
        known = [edge.target for edge in edges if edge.target in tree]
        join = tree.common(known) if known else self._graph.exit
        return join if join in stops or self._graph.nodes[join].role in JOINS else self._graph.exit

    def _bodies(self, fork: int, edges: tuple[Edge, ...], stops: frozenset[int]) -> Bodies:
        bodies = [reach(self._successors, edge.target, stops) for edge in edges]
        if any(fork in body for body in bodies):
            raise _NotNestedError("a branch leads back to before the split")
        return bodies

    def _branches(
        self, fork: int, edges: tuple[Edge, ...], bodies: Bodies, stops: frozenset[int]
    ) -> tuple[Branch, ...]:
        branches: list[Branch] = []
        for group in _groups(bodies):
            members = tuple(edges[position] for position in group)
            inner = self._region(fork, members, stops) if len(group) > 1 else None
            body = frozenset[int]().union(*(bodies[position] for position in group))
            branches.append(Branch(members, body, inner))
        return tuple(branches)

    def _overlapped(self, fork: int, edges: tuple[Edge, ...], bodies: Bodies, stops: frozenset[int]) -> Region:
        shared = _shared(bodies)
        doors = {
            edge.target
            for source in set[int]().union(*bodies) - shared | {fork}
            for edge in self._graph.outgoing[source]
            if edge.target in shared
        }
        door = min(doors)
        if len(doors) > 1 or self._graph.nodes[door].role not in JOINS:
            return self._copied(fork, edges, bodies, stops)
        closed = self._bodies(fork, edges, stops | {door})
        return self._close(fork, door, self._branches(fork, edges, closed, stops | {door}), stops)

    def _copied(self, fork: int, edges: tuple[Edge, ...], bodies: Bodies, stops: frozenset[int]) -> Region:
        shared = _shared(bodies)
        if any(self._collects(index) for index in shared):
            raise _NotNestedError("branches cross before a join that they share")
        if sum(map(len, bodies)) > COPY_LIMIT:
            raise _NotNestedError(f"what follows the merge without synchronisation has more than {COPY_LIMIT} nodes")
        branches = tuple(Branch((edge,), frozenset(body)) for edge, body in zip(edges, bodies, strict=True))
        if self._exits(edges, branches) & (stops - {self._graph.exit}):
            raise _NotNestedError("several tokens could reach one flow of the join around the split")
        self._forbid_entry(fork, self._graph.exit, branches)
        ends = all(self._is_end(index) for index in shared)
        mode = Mode.NATIVE if ends else Mode.STRUCTURED
        cyclic = self._cycles_inside(fork, branches)
        return Region(fork, self._graph.exit, mode, branches, copied=frozenset(shared), cyclic=cyclic)

    def _close(self, fork: int, join: int, branches: tuple[Branch, ...], stops: frozenset[int]) -> Region:
        end = self._graph.exit
        edges = tuple(edge for branch in branches for edge in branch.edges)
        left_to = self._exits(edges, branches) - {end}
        if len(left_to) > 1:
            raise _NotNestedError("branches leave to different joins")
        if join == end and left_to:
            (join,) = left_to
        self._forbid_entry(fork, join if join not in stops else end, branches)
        return Region(fork, join, Mode.NATIVE, branches, cyclic=self._cycles_inside(fork, branches))

    def _exits(self, edges: tuple[Edge, ...], branches: tuple[Branch, ...]) -> set[int]:
        inside = set[int]().union(*(branch.body for branch in branches))
        left = {target for index in inside for target in self._successors[index]}
        return left.union(edge.target for edge in edges) - inside

    def _forbid_entry(self, fork: int, join: int, branches: tuple[Branch, ...]) -> None:
        """Refuse flows from outside into a body, and into a parallel join beside the branches."""
        inside = {fork}.union(*(branch.body for branch in branches))
        if any(self._entered_beside(index, inside) for branch in branches for index in branch.body):
            raise _NotNestedError("a flow enters a branch from outside")
        if self._graph.nodes[join].role is Role.JOIN and self._entered_beside(join, inside):
            raise _NotNestedError("a flow enters the join from outside the split")

    def _entered_beside(self, index: int, inside: set[int]) -> bool:
        sources = (edge.source for edge in self._graph.incoming[index])
        return any(source not in inside and source in self._reachable for source in sources)

    def _cycles_inside(self, fork: int, branches: tuple[Branch, ...]) -> frozenset[int] | None:
        if fork not in self._graph.cyclic:
            return None
        return on_cycles(self._successors, frozenset[int]().union(*(branch.body for branch in branches)))

    def _collects(self, index: int) -> bool:
        return self._graph.nodes[index].role in JOINS and len(self._graph.incoming[index]) > 1

    def _is_end(self, index: int) -> bool:
        element = self._graph.nodes[index].element
        return element is not None and element.type is NodeType.END_EVENT

    def _lonely_joins(self) -> tuple[int, ...]:
        explained = {region.join for region in self._found.walk()}
        lonely = (index for index in self._order if self._collects(index) and index not in explained)
        return tuple(index for index in lonely if self._graph.nodes[index].role is Role.JOIN)


def _groups(bodies: Bodies) -> list[list[int]]:
    """Group the positions of bodies that share nodes, groups and members in document order."""
    owner: dict[int, int] = {}
    leader = list(range(len(bodies)))

    def find(position: int) -> int:
        while leader[position] != position:
            position = leader[position]
        return position

    for position, body in enumerate(bodies):
        for index in body:
            first, second = find(owner.setdefault(index, position)), find(position)
            leader[max(first, second)] = min(first, second)
    groups: dict[int, list[int]] = {}
    for position in range(len(bodies)):
        groups.setdefault(find(position), []).append(position)
    return list(groups.values())


def _shared(bodies: Bodies) -> set[int]:
    seen: set[int] = set()
    shared: set[int] = set()
    for body in bodies:
        shared |= seen & body
        seen |= body
    return shared
