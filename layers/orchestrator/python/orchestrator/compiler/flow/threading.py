r"""Threaded regions: the parts of a graph that run as side threads, because their splits do not nest.

    E --> [ what does not nest ] --> X       entered at E only; X comes after every token inside

The smallest such part around the splits is taken whose every run brings exactly one token to X; where none is found
the part reaches to the end of the scope, where tokens just end. Splits inside that nest by themselves stay as they are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from orchestrator.compiler.flow.analysis import DominatorTree, reach, reverse
from orchestrator.compiler.flow.graph import FORKS, JOINS, Edge, FlowGraph, Role
from orchestrator.compiler.flow.regions import Mode, Region, Regions
from orchestrator.compiler.flow.token_game import Ahead, Outcome, play

#: parts tried around one split before the whole scope is taken
CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class Threaded:
    """A threaded region. `forks` begin threads, `joins` count the tokens that reach them."""

    seed: int
    entry: int
    exit: int
    inside: frozenset[int]
    forks: frozenset[int]
    joins: frozenset[int]
    reason: str
    outcome: Outcome
    #: for a token about to enter a node, the flows into inclusive joins that it can reach, as `{join: [numbers]}`
    ahead: Mapping[int, Mapping[int, frozenset[int]]]
    #: edges behind which fewer of them can be reached than before
    advances: frozenset[Edge]


def find_threaded(graph: FlowGraph, regions: Regions) -> tuple[Threaded, ...]:
    """Find the regions around the splits of `regions` that do not nest, in the order of these splits."""
    seeds = [fork for fork, region in regions.by_fork.items() if region.mode is Mode.THREADED]
    return _Finder(graph, regions, seeds).found() if seeds else ()


def with_threaded(regions: Regions, found: tuple[Threaded, ...]) -> Regions:
    """Mark the splits that became part of a threaded region although they would nest by themselves."""
    by_fork = dict(regions.by_fork)
    for part in found:
        for fork in part.forks:
            if by_fork[fork].mode is not Mode.THREADED:
                by_fork[fork] = replace(
                    by_fork[fork], mode=Mode.THREADED, branches=(), reason=f"inside it, {part.reason}"
                )
    joins = frozenset[int]().union(*(part.joins for part in found))
    return Regions(by_fork, tuple(join for join in regions.lonely_joins if join not in joins))


class _Finder:
    def __init__(self, graph: FlowGraph, regions: Regions, seeds: list[int]) -> None:
        self._graph, self._regions, self._seeds = graph, regions, seeds
        self._before = DominatorTree(graph.successors, graph.entry)
        self._after = DominatorTree(reverse(graph.successors), graph.exit)

    def found(self) -> tuple[Threaded, ...]:
        parts: list[Threaded] = []
        for seed in self._seeds:
            if not any(seed in part.inside for part in parts):
                part = self._around(seed)
                parts = [*(other for other in parts if not other.inside <= part.inside), part]
        return tuple(parts)

    def _around(self, seed: int) -> Threaded:
        lasting = self._regions.by_fork[seed].beside
        for entry, exit_, inside in () if lasting else self._candidates(seed):
            if self._cuts_a_region(inside):
                continue
            outcome = play(self._graph, entry, exit_, inside)
            if outcome.closes:
                return self._part(seed, entry, exit_, inside, outcome)
        entry, inside = self._to_the_end(seed)
        outcome = play(self._graph, entry, self._graph.exit, inside)
        return self._part(seed, entry, self._graph.exit, inside, outcome)

    def _to_the_end(self, seed: int) -> tuple[int, frozenset[int]]:
        """Return the smallest part that ends with the scope."""
        entry, _, inside = self._closed(seed, self._graph.exit)
        while entry != self._graph.entry and (self._is_join(entry) or self._cuts_a_region(inside)):
            entry, _, inside = self._closed(self._before.parent[entry], self._graph.exit)
        return entry, inside

    def _candidates(self, seed: int) -> Iterator[tuple[int, int, frozenset[int]]]:
        """Yield ever larger parts: one way in, and a node that comes after everything inside."""
        entry, exit_ = seed, self._behind(seed)
        for _ in range(CANDIDATES):
            entry, exit_, inside = self._closed(entry, exit_)
            if exit_ == self._graph.exit and entry == self._graph.entry:
                return
            if self._graph.exit not in inside and not self._is_join(entry):
                yield entry, exit_, inside
            entry, exit_ = self._before.parent[entry], self._behind(exit_)

    def _behind(self, index: int) -> int:
        """Return the next node behind one that every token passes and that is no join."""
        following = self._after.parent.get(index, self._graph.exit)
        while self._is_join(following):
            following = self._after.parent.get(following, self._graph.exit)
        return following

    def _closed(self, entry: int, exit_: int) -> tuple[int, int, frozenset[int]]:
        """Move entry back and exit on until nothing else leads into the part."""
        while True:
            inside = frozenset(reach(self._graph.successors, entry, {exit_}))
            beside = {
                edge.source
                for index in inside
                if index != entry
                for edge in self._graph.incoming[index]
                if edge.source not in inside and edge.source in self._before
            }
            if not beside:
                return entry, exit_, inside
            around = self._before.common([entry, *sorted(beside)])
            if around == entry:
                exit_ = self._behind(exit_)
            entry = around

    def _is_join(self, index: int) -> bool:
        return self._graph.nodes[index].role in JOINS and len(self._graph.incoming[index]) > 1

    def _cuts_a_region(self, inside: frozenset[int]) -> bool:
        """Tell whether some region that nests is neither wholly inside, nor around, nor beside the part."""
        return any(_is_cut(region, inside) for region in self._nesting())

    def _nesting(self) -> Iterator[Region]:
        return (region for region in self._regions.by_fork.values() if region.mode is not Mode.THREADED)

    def _part(self, seed: int, entry: int, exit_: int, inside: frozenset[int], outcome: Outcome) -> Threaded:
        kept = [region for region in self._nesting() if region.fork in inside and self._stays(region)]
        inner = frozenset[int]().union(*(region.body() for region in kept))
        forks = {fork for fork in self._regions.by_fork if fork in inside}
        closing = {part.join for region in kept for part in region.walk()}
        joins = {index for index in inside if self._is_join(index)} - closing - inner
        ahead = self._ahead(inside, joins)
        return Threaded(
            seed=seed,
            entry=entry,
            exit=exit_,
            inside=inside,
            forks=frozenset(forks - {region.fork for region in kept} - inner),
            joins=frozenset(joins),
            reason=self._regions.by_fork[seed].reason or "",
            outcome=outcome,
            ahead=ahead,
            advances=frozenset(self._advances(inside - inner, ahead, joins)),
        )

    def _ahead(self, inside: frozenset[int], joins: set[int]) -> dict[int, dict[int, frozenset[int]]]:
        inclusive = [index for index in joins if self._graph.nodes[index].role is Role.INCLUSIVE_JOIN]
        if not inclusive:
            return {}
        ahead = Ahead(self._graph, inclusive)
        return {index: ahead.of(index) for index in inside}

    def _advances(
        self, nodes: frozenset[int], ahead: Mapping[int, Mapping[int, frozenset[int]]], joins: set[int]
    ) -> Iterator[Edge]:
        """Yield the edges that lose sight of a join; forks and joins tell of themselves where their tokens go."""
        for index in sorted(nodes if ahead else ()):
            if self._graph.nodes[index].role in FORKS or index in joins:
                continue
            for edge in self._graph.outgoing[index]:
                known = edge.target in ahead and edge.target not in joins
                if known and ahead[edge.target] != ahead[index] and self._goes_on(edge.target):
                    yield edge

    def _goes_on(self, index: int) -> bool:
        """Tell whether a token is not at its end here at once."""
        return any(target != self._graph.exit for target in self._graph.successors[index])

    def _stays(self, region: Region) -> bool:
        """Tell whether a region runs as one state inside a thread: no other token can reach its body or joins."""
        body = region.body()
        return not any(seed in body for seed in self._seeds) and all(map(self._joins_alone, region.walk()))

    def _joins_alone(self, region: Region) -> bool:
        around = region.body() | {region.fork}
        incoming = self._graph.incoming[region.join]
        return region.join == self._graph.exit or all(edge.source in around for edge in incoming)


def _is_cut(region: Region, inside: frozenset[int]) -> bool:
    body = region.body()
    if region.fork in inside:
        return not body <= inside
    common = body & inside
    return bool(common) and not inside <= body
