r"""How many tokens can reach a join: does it wait for more than its branches can bring?

    <+> --[a]-- X --> J          X may end instead: the branch brings 0..1 tokens
         \-[b]------> J          brings 1;  J needs 2, gets 1..2: possible deadlock
Inner splits count once if they join inside the branch, else as the sum of their branches. A threaded region counts
as what is behind it. Back edges and ends that abort the scope are neutral.
"""

from collections.abc import Mapping
from dataclasses import replace

from orchestrator.compiler.flow.analysis import postorder
from orchestrator.compiler.flow.graph import JOINS, FlowGraph, Role
from orchestrator.compiler.flow.regions import Branch, Mode, Region, Regions, Wait

Count = tuple[int, int]


def judge_joins(graph: FlowGraph, regions: Regions, threaded: Mapping[int, int]) -> Regions:
    """Fill in `wait` and `needed` of every region, inner ones first; `threaded` leads from entries to exits."""
    judged = Regions(dict(regions.by_fork), regions.lonely_joins)
    for fork in reversed(regions.by_fork):
        judged.by_fork[fork] = _judged(graph, judged, regions.by_fork[fork], threaded)
    return judged


def _judged(graph: FlowGraph, regions: Regions, region: Region, threaded: Mapping[int, int]) -> Region:
    branches = tuple(
        replace(branch, inner=_judged(graph, regions, branch.inner, threaded)) if branch.inner is not None else branch
        for branch in region.branches
    )
    region = replace(region, branches=branches)
    join = graph.nodes[region.join]
    if join.role not in JOINS or region.mode is Mode.THREADED:
        return region
    parallel = join.role is Role.JOIN
    needed = len(graph.incoming[join.index]) if parallel else 1
    least, most = _Walk(graph, regions, region.join, region.body(), threaded).gathered(region)
    if least >= needed:
        wait = Wait.SURE
    elif not parallel:
        wait = Wait.MAYBE_NONE
    else:
        wait = Wait.DEADLOCK if most < needed else Wait.POSSIBLE_DEADLOCK
    return replace(region, wait=wait, needed=needed)


class _Walk:
    """Counts of tokens that come to `join`, bottom-up over the body of one region."""

    def __init__(
        self, graph: FlowGraph, regions: Regions, join: int, body: frozenset[int], threaded: Mapping[int, int]
    ) -> None:
        self._threaded = threaded
        self._graph, self._regions, self._join, self._body = graph, regions, join, body
        self._counts: dict[int, Count | None] = {join: (1, 1)}
        self._successors = graph.successors

    def gathered(self, region: Region) -> Count:
        """Return the tokens that the branches of `region` bring to the join together."""
        for branch in region.branches:
            for edge in branch.edges:
                self._fill(edge.target)
        parts = [self._brought(branch) for branch in region.branches]
        return _together(parts, inclusive=self._graph.nodes[region.fork].role is Role.INCLUSIVE_FORK)

    def _fill(self, start: int) -> None:
        if start in self._counts or start not in self._body:
            return
        for index in postorder(self._successors, start, within=self._body - self._counts.keys()):
            self._counts[index] = self._count(index)

    def _brought(self, branch: Branch) -> Count:
        if branch.inner is None:
            return self._at(branch.edges[0].target) or (0, 0)
        if branch.inner.join in self._body:
            return self._after(branch.inner)
        parts = [self._brought(part) for part in branch.inner.branches]
        return _together(parts, inclusive=self._graph.nodes[branch.inner.fork].role is Role.INCLUSIVE_FORK)

    def _after(self, region: Region) -> Count:
        least, most = self._at(region.join) or (0, 0)
        return (least if region.wait is Wait.SURE else 0), most

    def _at(self, index: int) -> Count | None:
        if index in self._counts:
            return self._counts[index]
        return None if index in self._body else (0, 0)

    def _count(self, index: int) -> Count | None:
        if index in self._threaded:
            return self._at(self._threaded[index])
        region = self._regions.by_fork.get(index)
        if region is not None and region.mode is not Mode.THREADED:
            if region.join in self._body:
                return self._after(region)
            parts = [self._brought(branch) for branch in region.branches]
            return _together(parts, inclusive=self._graph.nodes[index].role is Role.INCLUSIVE_FORK)
        known = [count for count in map(self._at, self._successors[index]) if count is not None]
        return (min(c[0] for c in known), max(c[1] for c in known)) if known else None


def _together(parts: list[Count], *, inclusive: bool) -> Count:
    least = min(part[0] for part in parts) if inclusive else sum(part[0] for part in parts)
    return least, sum(part[1] for part in parts)
