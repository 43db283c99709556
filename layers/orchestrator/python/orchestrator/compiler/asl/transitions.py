"""How many state transitions an instance takes, told from its machine: what Step Functions bills.

Every state that is entered is one transition; a `Parallel` has those of its branches besides. Errors of performers,
their boundary events and incidents are not counted, nor are retries. What depends on data or on time has no most:
loops, repetitions, side threads.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from typing import Any, Final, cast

_Json = Mapping[str, Any]
_ENDS: Final = ("Succeed", "Fail")
#: operations that begin other executions
_THREADED: Final = frozenset({"gather", "spawn"})


@dataclass(frozen=True, slots=True)
class Transitions:
    """The fewest and the most of one instance; `most` None: no number can be told."""

    fewest: int
    most: int | None


def transitions_of(machine: _Json) -> Transitions:
    """Count the transitions of an instance that ends by itself."""
    counted = _Graph.of(machine)
    return Transitions(counted.fewest(raised=None), counted.most())


@dataclass(frozen=True, slots=True)
class _Graph:
    """One `States` object: what each state costs at least and at most, and where it leads."""

    start: str
    states: Mapping[str, _Json]

    @classmethod
    def of(cls, part: _Json) -> "_Graph":
        return cls(part["StartAt"], part["States"])

    def fewest(self, *, raised: str | None) -> int:
        """The cheapest way to an end: that error, or (None) any end, where normal ones are preferred."""
        reached = {self.start: 0}
        waiting, ends = [(0, self.start)], dict[bool, int]()
        while waiting:
            spent, name = heappop(waiting)
            state = self.states[name]
            for way, cost in _ways(state) if spent == reached[name] else ():
                total = spent + cost
                if way is None:
                    fails = state["Type"] == "Fail"
                    if raised is None or state.get("Error") == raised:
                        ends[fails] = min(total, ends.get(fails, total))
                elif total < reached.get(way, total + 1):
                    reached[way] = total
                    heappush(waiting, (total, way))
        return ends.get(raised is not None, min(ends.values(), default=1))

    def most(self) -> int | None:
        """The longest way, where there is no loop."""
        before = {name: {way for way, _ in _ways(state) if way} for name, state in self.states.items()}
        known = self._reachable(before)
        try:
            order = list(TopologicalSorter({name: before[name] for name in known}).static_order())
        except CycleError:
            return None
        longest = dict[str, int]()
        for name in order:  # what a state leads to comes before it
            cost = _most_of(self.states[name])
            if cost is None:
                return None
            longest[name] = cost + max((longest[way] for way in before[name]), default=0)
        return longest[self.start]

    def _reachable(self, ways: Mapping[str, set[str]]) -> set[str]:
        known, waiting = {self.start}, [self.start]
        while waiting:
            found = ways[waiting.pop()] - known
            known |= found
            waiting.extend(found)
        return known


def _ways(state: _Json) -> Iterator[tuple[str | None, int]]:
    """Where a state leads (None: its graph ends), and what it costs at least on this way."""
    if _operation(state) == "incident":
        return
    branches = [_Graph.of(branch) for branch in state.get("Branches", ())]
    cost = 1 + sum(branch.fewest(raised=None) for branch in branches)
    following = [state.get("Next"), state.get("Default"), *(rule["Next"] for rule in state.get("Choices", ()))]
    for way in filter(None, following):
        yield way, cost
    if state["Type"] in _ENDS or state.get("End"):
        yield None, cost
    for catcher in state.get("Catch", ()) if branches else ():
        for branch in branches:
            for error in set(catcher["ErrorEquals"]) & _raised(branch):
                yield catcher["Next"], len(branches) + branch.fewest(raised=error)


def _most_of(state: _Json) -> int | None:
    if state["Type"] == "Map" or _operation(state) in _THREADED:
        return None
    branches = [_Graph.of(branch).most() for branch in state.get("Branches", ())]
    known = [most for most in branches if most is not None]
    return 1 + sum(known) if len(known) == len(branches) else None


def _raised(graph: _Graph) -> set[str]:
    """The errors that a branch ends with on purpose, those of branches inside included."""
    found = {state["Error"] for state in graph.states.values() if state["Type"] == "Fail"}
    inner = (_raised(_Graph.of(branch)) for state in graph.states.values() for branch in state.get("Branches", ()))
    return found.union(*inner)


def _operation(state: _Json) -> str | None:
    arguments = state.get("Arguments")
    given = cast("_Json", arguments).get("Payload") if isinstance(arguments, dict) else None
    return cast("_Json", given).get("operation") if isinstance(given, dict) else None
