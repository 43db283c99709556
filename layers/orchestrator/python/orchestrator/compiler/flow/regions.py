r"""Concurrent regions: what each split opens, where it closes, and how it can run.

    <+> F --[a]--+            region(F): join J, branches {a}, {b, c}
         \-[b]-[c]-<+> J      each body is disjoint from the others, entered from F only, left to J or to ends

A *native* region nests, so that one ASL `Parallel` runs it; a *structured* one nests after what follows a
merge without synchronisation was copied into its branches; a *threaded* one does not nest, for the reason given.
How they are found: `nesting`; what their joins may wait for: `tokens`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from orchestrator.compiler.flow.graph import Edge


class Mode(StrEnum):
    """How a concurrent region runs."""

    NATIVE = "native"
    STRUCTURED = "structured"
    THREADED = "threaded"


class Wait(StrEnum):
    """What is known of the tokens that a join waits for."""

    SURE = "sure"
    MAYBE_NONE = "maybe_none"
    POSSIBLE_DEADLOCK = "possible_deadlock"
    DEADLOCK = "deadlock"


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch: the flow that opens it, or the flows of the region nested in it; `body` are its node indexes."""

    edges: tuple[Edge, ...]
    body: frozenset[int]
    inner: "Region | None" = None


@dataclass(frozen=True, slots=True)
class Region:
    """What a split opens.

    `join` is the joining node, or a node around the region (the end of the scope, the join of an outer region)
    to which each branch brings its tokens. `needed` tokens let the join go on. `copied` are the nodes that
    several branches contain. `cyclic` are the nodes on cycles inside the region where the region itself lies
    on a cycle, else None. `beside`: the split is no split, but something that may happen beside what goes on.
    """

    fork: int
    join: int
    mode: Mode
    branches: tuple[Branch, ...] = ()
    reason: str | None = None
    copied: frozenset[int] = frozenset()
    cyclic: frozenset[int] | None = None
    wait: Wait = Wait.SURE
    needed: int = 0
    beside: bool = False

    def body(self) -> frozenset[int]:
        """Return all nodes inside the region."""
        return frozenset[int]().union(*(branch.body for branch in self.branches))

    def walk(self) -> Iterator["Region"]:
        """Yield the region and the regions that its own split opens inside it."""
        yield self
        for branch in self.branches:
            if branch.inner is not None:
                yield from branch.inner.walk()


@dataclass(slots=True)
class Regions:
    """The regions of one graph by the index of their split, and the joins that no split explains."""

    by_fork: dict[int, Region] = field(default_factory=dict[int, Region])
    lonely_joins: tuple[int, ...] = ()

    def walk(self) -> Iterator[Region]:
        """Yield all regions, nested ones after the ones around them."""
        for region in self.by_fork.values():
            yield from region.walk()
