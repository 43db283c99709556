"""Graph algorithms on plain integer adjacency: reachability, dominators, strongly connected components.

Everything is iterative (models may be thousands of nodes long) and linear or near-linear in practice.
Dominators after Cooper, Harvey, Kennedy, "A Simple, Fast Dominance Algorithm" (2001); components after
Tarjan (1972). Post-dominators are the dominators of the reversed graph from its exit.
"""

from collections.abc import Collection, Iterator, Sequence

Adjacency = Sequence[Sequence[int]]


def reverse(successors: Adjacency) -> list[list[int]]:
    """Return the graph with every edge turned round."""
    predecessors: list[list[int]] = [[] for _ in successors]
    for source, targets in enumerate(successors):
        for target in targets:
            predecessors[target].append(source)
    return predecessors


def reach(successors: Adjacency, start: int, stops: Collection[int] = ()) -> set[int]:
    """Return the nodes on paths from `start` that do not pass `stops`; the stops themselves are left out."""
    if start in stops:
        return set()
    seen = {start}
    pending = [start]
    while pending:
        for target in successors[pending.pop()]:
            if target not in seen and target not in stops:
                seen.add(target)
                pending.append(target)
    return seen


def postorder(successors: Adjacency, root: int, within: Collection[int] | None = None) -> list[int]:
    """Return the nodes reachable from `root` (inside `within`), each after those a depth-first walk found from it."""
    order: list[int] = []
    seen = {root}
    stack = [(root, iter(successors[root]))]
    while stack:
        node, targets = stack[-1]
        for target in targets:
            if target not in seen and (within is None or target in within):
                seen.add(target)
                stack.append((target, iter(successors[target])))
                break
        else:
            stack.pop()
            order.append(node)
    return order


class DominatorTree:
    """Immediate dominators of the nodes reachable from a root, with lowest common ancestors."""

    def __init__(self, successors: Adjacency, root: int) -> None:
        """Compute the tree; on reducible graphs in two rounds."""
        order = postorder(successors, root)
        self._rank = {node: rank for rank, node in enumerate(order)}
        self.parent: dict[int, int] = {root: root}
        predecessors = reverse(successors)
        reversed_order = order[-2::-1]
        changed = True
        while changed:
            changed = False
            for node in reversed_order:
                known = [p for p in predecessors[node] if p in self.parent]
                parent = self._meet_all(known)
                if self.parent.get(node) != parent:
                    self.parent[node] = parent
                    changed = True

    def __contains__(self, node: int) -> bool:
        return node in self.parent

    def common(self, nodes: Sequence[int]) -> int:
        """Return the nearest node that dominates (or is) each of `nodes`, which must be in the tree and not empty."""
        return self._meet_all(nodes)

    def _meet_all(self, nodes: Sequence[int]) -> int:
        met = nodes[0]
        for node in nodes[1:]:
            met = self._meet(met, node)
        return met

    def _meet(self, left: int, right: int) -> int:
        rank, parent = self._rank, self.parent
        while left != right:
            if rank[left] < rank[right]:
                left = parent[left]
            else:
                right = parent[right]
        return left


def on_cycles(successors: Adjacency, within: Collection[int] | None = None) -> frozenset[int]:
    """Return the nodes that lie on a cycle; with `within`, on a cycle through those nodes only."""
    if within is None and _is_acyclic(successors):  # most are, and this is told faster
        return frozenset()
    return _Tarjan(successors, within).run()


def _is_acyclic(successors: Adjacency) -> bool:
    """Tell whether all nodes can be put in an order; Kahn, "Topological sorting of large networks" (1962)."""
    missing = [0] * len(successors)
    for targets in successors:
        for target in targets:
            missing[target] += 1
    ordered = [node for node, count in enumerate(missing) if count == 0]
    for node in ordered:
        for target in successors[node]:
            missing[target] -= 1
            if missing[target] == 0:
                ordered.append(target)
    return len(ordered) == len(successors)


class _Tarjan:
    """One run of Tarjan's algorithm with an explicit stack."""

    def __init__(self, successors: Adjacency, within: Collection[int] | None) -> None:
        self._nodes = range(len(successors)) if within is None else sorted(within)
        allowed = None if within is None else set(within)
        self._successors = (
            successors if allowed is None else {node: [t for t in successors[node] if t in allowed] for node in allowed}
        )
        self._number: dict[int, int] = {}
        self._low: dict[int, int] = {}
        self._open: list[int] = []
        self._is_open: set[int] = set()
        self._cyclic: set[int] = set()

    def run(self) -> frozenset[int]:
        for node in self._nodes:
            if node not in self._number:
                self._walk(node)
        return frozenset(self._cyclic)

    def _walk(self, root: int) -> None:
        stack = [(root, iter(self._successors[root]))]
        self._enter(root)
        while stack:
            node, targets = stack[-1]
            fresh = self._next_fresh(node, targets)
            if fresh is not None:
                self._enter(fresh)
                stack.append((fresh, iter(self._successors[fresh])))
                continue
            stack.pop()
            if stack:
                parent = stack[-1][0]
                self._low[parent] = min(self._low[parent], self._low[node])
            if self._low[node] == self._number[node]:
                self._close(node)

    def _enter(self, node: int) -> None:
        self._number[node] = self._low[node] = len(self._number)
        self._open.append(node)
        self._is_open.add(node)

    def _next_fresh(self, node: int, targets: Iterator[int]) -> int | None:
        for target in targets:
            if target not in self._number:
                return target
            if target in self._is_open:
                self._low[node] = min(self._low[node], self._number[target])
        return None

    def _close(self, root: int) -> None:
        component: list[int] = []
        while not component or component[-1] != root:
            component.append(self._open.pop())
            self._is_open.discard(component[-1])
        if len(component) > 1 or root in self._successors[root]:
            self._cyclic.update(component)
