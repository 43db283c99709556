r"""The token game on a part of a graph: what its runs can come to (BPMN 13.4).

    E --> ... --> X      tokens are on edges; a run ends when none can move: how many are at X, which joins wait?

Which token moves first does not matter to how a run ends, so only decisions are tried out: a token before anything
but a join moves at once, joins go on when nothing else moves. Beyond a number of markings the answer is unknown.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations

from orchestrator.compiler.flow.graph import Edge, FlowGraph, Role

#: markings looked at, tokens at once, and flows of an inclusive split of which all combinations are tried
MARKINGS = 2_000
TOKENS = 40
INCLUSIVE_FLOWS = 6

#: tokens on edges, sorted; an edge by its place in `FlowGraph.outgoing`
Place = tuple[int, int]
Marking = tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How runs end. `is_known` False: there were too many to tell, and nothing else is said."""

    is_known: bool
    #: every run brings exactly one token to the exit and leaves none behind
    closes: bool = False
    #: joins at which tokens are left in some run
    waiting: tuple[int, ...] = ()
    #: some run leaves no token behind
    may_end: bool = True


class Ahead:
    """Which flows into inclusive joins a token can reach, without passing the join itself."""

    def __init__(self, graph: FlowGraph, joins: Collection[int]) -> None:
        """Walk backwards from every flow into each of the joins."""
        self._graph = graph
        self._known: dict[int, dict[int, frozenset[int]]] = {}
        self._reach: dict[int, list[set[int]]] = {join: self._into(join) for join in sorted(joins)}

    def of(self, node: int) -> dict[int, frozenset[int]]:
        """Return, for a token about to enter a node, the numbers of flows into each join that it can reach."""
        if node not in self._known:
            self._known[node] = self._of(node)
        return self._known[node]

    def _of(self, node: int) -> dict[int, frozenset[int]]:
        found = {
            join: frozenset(number for number, nodes in enumerate(flows) if node in nodes)
            for join, flows in self._reach.items()
            if node != join
        }
        return {join: numbers for join, numbers in found.items() if numbers}

    def _into(self, join: int) -> list[set[int]]:
        return [self._back(edge.source, join) for edge in self._graph.incoming[join]]

    def _back(self, source: int, join: int) -> set[int]:
        if source == join:
            return set()
        seen, pending = {source}, [source]
        while pending:
            for edge in self._graph.incoming[pending.pop()]:
                if edge.source != join and edge.source not in seen:
                    seen.add(edge.source)
                    pending.append(edge.source)
        return seen


def play(graph: FlowGraph, entry: int, exit_: int, inside: Collection[int]) -> Outcome:
    """Play all decisions of the part of `graph` that is entered at `entry` and left to `exit_`."""
    return _Game(graph, entry, exit_, inside).played()


class _Game:
    def __init__(self, graph: FlowGraph, entry: int, exit_: int, inside: Collection[int]) -> None:
        self._graph, self._exit, self._inside = graph, exit_, frozenset(inside)
        self._entry = entry
        joins = [index for index in inside if graph.nodes[index].role is Role.INCLUSIVE_JOIN]
        self._ahead = Ahead(graph, joins)

    def played(self) -> Outcome:
        pending: list[Marking] = [tuple(sorted(choice)) for choice in self._left(self._entry)]
        seen = set(pending)
        finals: set[Marking] = set()
        while pending:
            marking = pending.pop()
            following = self._following(marking)
            if following is None:
                finals.add(marking)
                continue
            for after in following:
                if len(after) > TOKENS or len(seen) > MARKINGS:
                    return Outcome(is_known=False)
                if after not in seen:
                    seen.add(after)
                    pending.append(after)
        return self._judged(finals)

    def _judged(self, finals: Collection[Marking]) -> Outcome:
        left = [[self._target(place) for place in marking] for marking in finals]
        waiting = sorted({node for nodes in left for node in nodes if node != self._exit})
        clean = [nodes for nodes in left if all(node == self._exit for node in nodes)]
        closes = bool(left) and all(nodes == [self._exit] for nodes in left)
        return Outcome(is_known=True, closes=closes, waiting=tuple(waiting), may_end=bool(clean) or not left)

    def _following(self, marking: Marking) -> list[Marking] | None:
        """Return the markings after one move; None where nothing moves."""
        joins: dict[int, list[Place]] = {}
        for place in marking:
            target = self._target(place)
            if target not in self._inside:
                continue
            role = self._graph.nodes[target].role
            if role in {Role.JOIN, Role.INCLUSIVE_JOIN} and len(self._graph.incoming[target]) > 1:
                joins.setdefault(target, []).append(place)
                continue
            return [_moved(marking, [place], choice) for choice in self._left(target)]
        for join, places in joins.items():
            taken = self._taken(marking, join, places)
            if taken:
                return [_moved(marking, taken, choice) for choice in self._left(join)]
        return None

    def _taken(self, marking: Marking, join: int, places: list[Place]) -> list[Place]:
        found = sorted(set(places))
        if self._graph.nodes[join].role is Role.JOIN:
            return found if len(found) == len(self._graph.incoming[join]) else []
        filled = {self._number(join, place) for place in found}
        elsewhere = (self._ahead.of(self._target(place)).get(join) for place in marking if place not in found)
        return [] if any(reached and not reached & filled for reached in elsewhere) else found

    def _number(self, join: int, place: Place) -> int:
        edge = self._graph.outgoing[place[0]][place[1]]
        return self._graph.incoming[join].index(edge)

    def _target(self, place: Place) -> int:
        return self._graph.outgoing[place[0]][place[1]].target

    def _left(self, index: int) -> Iterator[list[Place]]:
        """Yield the tokens that may come of one that enters a node, what may happen beside it included."""
        edges = self._graph.outgoing[index]
        beside = [(index, number) for number, edge in enumerate(edges) if edge.beside]
        for choice in self._decisions(index):
            yield choice
            yield from ([*choice, place] for place in beside)
            if len(beside) > 1:
                yield [*choice, *beside]

    def _decisions(self, index: int) -> Iterator[list[Place]]:
        """Yield the tokens that a node is left with: one list per decision."""
        edges = self._graph.outgoing[index]
        regular = [(index, number) for number, edge in enumerate(edges) if not edge.exceptional]
        role = self._graph.nodes[index].role
        if role is Role.FORK:
            yield regular
        elif role is Role.INCLUSIVE_FORK:
            yield from _combinations(regular)
        elif role is Role.ABORT:
            return
        else:
            yield from ([place] for place in regular)
        yield from ([(index, number)] for number, edge in enumerate(edges) if edge.exceptional and not edge.beside)


def flow_number(graph: FlowGraph, edge: Edge) -> int:
    """Return which of the flows into its target an edge is."""
    return graph.incoming[edge.target].index(edge)


def _combinations(places: list[Place]) -> Iterator[list[Place]]:
    sizes = range(1, len(places) + 1) if len(places) <= INCLUSIVE_FLOWS else (1, 2, len(places))
    for size in sizes:
        yield from map(list, combinations(places, size))


def _moved(marking: Marking, taken: list[Place], given: list[Place]) -> Marking:
    rest = list(marking)
    for place in taken:
        rest.remove(place)
    return tuple(sorted(rest + given))
