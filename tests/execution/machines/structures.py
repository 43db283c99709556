"""Random processes made of blocks, and what each completes: a reference that walks the blocks, not the graph.

Every block has one way in and one way out. A loop, and a cycle of stations that lead forward and back as they
like, count their own rounds in variables, so that each comes to its end. Errors are raised only where nothing runs
beside them in the scope that catches them: what else completes would depend on the schedule.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

from orchestrator.compiler.bpmn.model import (
    ElementId,
    Execution,
    FlowNode,
    ProcessModel,
    Scope,
    SequenceFlow,
    SourceExpression,
)
from tests.execution.machines.models import boundary_error, error_end, node

#: a block: its kind, what is inside it, and its numbers (which conditions hold, how many rounds, which way leads where)
Block = tuple[str, tuple["Block", ...], tuple[int, ...]]
Variables = dict[str, Any]


class Raised(Exception):  # noqa: N818 - it is no mistake
    """An error end event was reached."""


def structures() -> st.SearchStrategy[Block]:
    """Blocks of bounded depth."""
    return st.lists(_blocks(3, raises=False, alone=True), min_size=1, max_size=3).map(_sequence)


def _blocks(depth: int, *, raises: bool, alone: bool) -> st.SearchStrategy[Block]:
    """`raises`: an error end event here is caught; `alone`: nothing runs beside this in the catching scope."""
    leaf: st.SearchStrategy[Block] = st.sampled_from([("user", (), ()), ("script", (), ())])
    if depth == 0:
        return leaf
    here = _blocks(depth - 1, raises=raises, alone=alone)
    beside = _blocks(depth - 1, raises=False, alone=False)
    caught = _blocks(depth - 1, raises=True, alone=True)
    truths = st.tuples(st.integers(0, 1), st.integers(0, 1))
    rounds = st.tuples(st.integers(1, 3))
    kinds = [
        leaf,
        st.lists(here, min_size=1, max_size=3).map(_sequence),
        st.tuples(st.just("xor"), st.lists(here, min_size=2, max_size=3).map(tuple), truths),
        st.tuples(st.sampled_from(["and", "or"]), st.lists(beside, min_size=2, max_size=3).map(tuple), truths),
        st.tuples(st.just("loop"), st.tuples(here), rounds),
        st.tuples(st.just("cycle"), st.just(()), st.lists(st.integers(0, 11), min_size=2, max_size=4).map(tuple)),
        st.tuples(st.just("sub"), st.tuples(here), st.just(())),
        st.tuples(st.just("guarded"), st.tuples(caught), st.just(())),
    ]
    if raises and alone:
        kinds.append(st.tuples(st.just("raise"), st.just(()), st.tuples(st.integers(0, 1))))
    return st.one_of(kinds)


def _sequence(blocks: list[Block]) -> Block:
    return ("seq", tuple(blocks), ())


@dataclass
class Drawing:
    """The nodes and flows of one scope."""

    nodes: dict[str, FlowNode] = field(default_factory=dict)
    flows: list[SequenceFlow] = field(default_factory=list)

    def add(self, kind: str, id_: str, *before: str, **fields: object) -> str:
        self.put(node(kind, id_, **fields), *before)
        return id_

    def put(self, made: FlowNode, *before: str) -> None:
        self.nodes[made.id] = made
        for source in before:
            self.link(source, made.id)

    def link(self, source: str, target: str, condition: str | None = None) -> ElementId:
        id_ = ElementId(f"{source}-{target}-{len(self.flows)}")
        expression = None if condition is None else SourceExpression(f"={condition}")
        self.flows.append(SequenceFlow(id_, ElementId(source), ElementId(target), expression))
        return id_

    def otherwise(self, gateway: str, target: str) -> None:
        self.nodes[gateway] = replace(self.nodes[gateway], default_flow=self.link(gateway, target))

    def scope(self, id_: str) -> Scope:
        return Scope(ElementId(id_), tuple(self.nodes.values()), tuple(self.flows))


def counting(id_: str) -> FlowNode:
    """A script task that counts in a variable of its own name."""
    script = SourceExpression(f"={id_} + 1")
    return node("script", id_, execution=Execution(script=script, result_variable=id_))


def process_of(block: Block) -> tuple[ProcessModel, Variables]:
    """The process, and the variables it begins with."""
    drawing = Drawing()
    last = _draw(block, "b", drawing, drawing.add("start", "s"))
    drawing.add("end", "e", last)
    return ProcessModel(ElementId("process"), None, drawing.scope("process")), dict(_given(block, "b"))


def completed(block: Block) -> tuple[Counter[str], Variables]:
    """How often each flow node completes, and the variables at the end."""
    done, variables = Counter({"s": 1, "e": 1}), dict(_given(block, "b"))
    _walk(block, "b", variables, done)
    return done, variables


def _inside(block: Block, id_: str) -> Iterator[tuple[Block, str]]:
    return ((inner, f"{id_}_{place}") for place, inner in enumerate(block[1]))


def _given(block: Block, id_: str) -> Iterator[tuple[str, Any]]:
    kind, _, numbers = block
    if kind in {"xor", "or", "raise"}:
        yield from ((f"{id_}_c{place}", bool(number)) for place, number in enumerate(numbers))
    elif kind == "cycle":
        yield from ((f"{id_}_n{place}", 0) for place in range(len(numbers)))
    elif kind in {"script", "loop"}:
        yield (f"{id_}_n" if kind == "loop" else id_), 0
    for one, name in _inside(block, id_):
        yield from _given(one, name)


def _draw(block: Block, id_: str, drawing: Drawing, before: str) -> str:
    """Add a block behind a node; the node that leads on."""
    return _DRAWN[block[0]](block, id_, drawing, before)


def _draw_user(_: Block, id_: str, drawing: Drawing, before: str) -> str:
    return drawing.add("user", id_, before)


def _draw_script(_: Block, id_: str, drawing: Drawing, before: str) -> str:
    drawing.put(counting(id_), before)
    return id_


def _draw_sequence(block: Block, id_: str, drawing: Drawing, before: str) -> str:
    for inner, name in _inside(block, id_):
        before = _draw(inner, name, drawing, before)
    return before


def _draw_split(block: Block, id_: str, drawing: Drawing, before: str) -> str:
    kind, branches, _ = block
    drawing.add(kind, id_, before)
    drawing.add(kind, f"{id_}_join")
    for place, (inner, name) in enumerate(_inside(block, id_)):
        begin = drawing.add("task", f"{name}_in")
        if kind == "and":
            drawing.link(id_, begin)
        elif place == len(branches) - 1:
            drawing.otherwise(id_, begin)
        else:
            drawing.link(id_, begin, f"{id_}_c{place}")
        drawing.link(_draw(inner, name, drawing, begin), f"{id_}_join")
    return f"{id_}_join"


def _draw_loop(block: Block, id_: str, drawing: Drawing, before: str) -> str:
    """merge -> body -> counter -> decision, back to the merge for so many rounds."""
    drawing.add("xor", id_, before)
    last = _draw(block[1][0], f"{id_}_0", drawing, id_)
    drawing.put(counting(f"{id_}_n"), last)
    drawing.add("xor", f"{id_}_x", f"{id_}_n")
    drawing.link(f"{id_}_x", id_, f"{id_}_n < {block[2][0]}")
    out = drawing.add("task", f"{id_}_out")
    drawing.otherwise(f"{id_}_x", out)
    return out


def _draw_cycle(block: Block, id_: str, drawing: Drawing, before: str) -> str:
    """Stations, each a merge, a task, a counter and a decision: at first to any other station, later to the next."""
    stations = range(len(block[2]))
    for station in stations:
        drawing.add("xor", f"{id_}_m{station}", *([before] if station == 0 else []))
        drawing.add("user", f"{id_}_u{station}", f"{id_}_m{station}")
        drawing.put(counting(f"{id_}_n{station}"), f"{id_}_u{station}")
        drawing.add("xor", f"{id_}_x{station}", f"{id_}_n{station}")
    out = drawing.add("task", f"{id_}_out")
    for station in stations:
        target, rounds = _elsewhere(block, station)
        drawing.link(f"{id_}_x{station}", f"{id_}_m{target}", f"{id_}_n{station} < {rounds}")
        following = out if station + 1 == len(block[2]) else f"{id_}_m{station + 1}"
        drawing.otherwise(f"{id_}_x{station}", following)
    return out


def _elsewhere(block: Block, station: int) -> tuple[int, int]:
    number = block[2][station]
    return number % len(block[2]), number % 3


def _draw_sub(block: Block, id_: str, drawing: Drawing, before: str) -> str:
    inside = Drawing()
    last = _draw(block[1][0], f"{id_}_0", inside, inside.add("start", f"{id_}_s"))
    inside.add("end", f"{id_}_e", last)
    return drawing.add("sub", id_, before, scope=inside.scope(id_))


def _draw_guarded(block: Block, id_: str, drawing: Drawing, before: str) -> str:
    """A sub-process with an error boundary event, whose way leads back behind it."""
    _draw_sub(block, id_, drawing, before)
    drawing.put(boundary_error(f"{id_}_b", id_))
    handler = drawing.add("user", f"{id_}_h", f"{id_}_b")
    return drawing.add("xor", f"{id_}_on", id_, handler)


def _draw_raise(_: Block, id_: str, drawing: Drawing, before: str) -> str:
    """A decision between an error end event and the way on."""
    drawing.add("xor", id_, before)
    drawing.put(error_end(f"{id_}_e", "E"))
    drawing.link(id_, f"{id_}_e", f"{id_}_c0")
    out = drawing.add("task", f"{id_}_out")
    drawing.otherwise(id_, out)
    return out


_DRAWN = {
    "user": _draw_user,
    "script": _draw_script,
    "seq": _draw_sequence,
    "xor": _draw_split,
    "or": _draw_split,
    "and": _draw_split,
    "loop": _draw_loop,
    "cycle": _draw_cycle,
    "sub": _draw_sub,
    "guarded": _draw_guarded,
    "raise": _draw_raise,
}


def _walk(block: Block, id_: str, variables: Variables, done: Counter[str]) -> None:
    """Note what a block completes; raises Raised where it ends with an error."""
    _WALKED.get(block[0], _walk_step)(block, id_, variables, done)


def _walk_step(block: Block, id_: str, variables: Variables, done: Counter[str]) -> None:
    done[id_] += 1
    if block[0] == "script":
        variables[id_] += 1


def _walk_sequence(block: Block, id_: str, variables: Variables, done: Counter[str]) -> None:
    for inner, name in _inside(block, id_):
        _walk(inner, name, variables, done)


def _walk_split(block: Block, id_: str, variables: Variables, done: Counter[str]) -> None:
    branches = list(_inside(block, id_))
    true = [place for place in range(len(branches) - 1) if variables[f"{id_}_c{place}"]] if block[0] != "and" else []
    chosen = true or [len(branches) - 1]
    taken = {"and": range(len(branches)), "or": chosen, "xor": chosen[:1]}[block[0]]
    done[id_] += 1
    for place in taken:
        inner, name = branches[place]
        done[f"{name}_in"] += 1
        _walk(inner, name, variables, done)
    done[f"{id_}_join"] += 1


def _walk_loop(block: Block, id_: str, variables: Variables, done: Counter[str]) -> None:
    while True:
        done[id_] += 1
        _walk(block[1][0], f"{id_}_0", variables, done)
        variables[f"{id_}_n"] += 1
        done.update([f"{id_}_n", f"{id_}_x"])
        if variables[f"{id_}_n"] >= block[2][0]:
            break
    done[f"{id_}_out"] += 1


def _walk_cycle(block: Block, id_: str, variables: Variables, done: Counter[str]) -> None:
    station = 0
    while station < len(block[2]):
        variables[f"{id_}_n{station}"] += 1
        done.update(f"{id_}_{part}{station}" for part in "munx")
        target, rounds = _elsewhere(block, station)
        station = target if variables[f"{id_}_n{station}"] < rounds else station + 1
    done[f"{id_}_out"] += 1


def _walk_sub(block: Block, id_: str, variables: Variables, done: Counter[str]) -> None:
    done[f"{id_}_s"] += 1
    _walk(block[1][0], f"{id_}_0", variables, done)
    done.update([f"{id_}_e", id_])


def _walk_guarded(block: Block, id_: str, variables: Variables, done: Counter[str]) -> None:
    try:
        _walk_sub(block, id_, variables, done)
    except Raised:
        done.update([f"{id_}_b", f"{id_}_h"])
    done[f"{id_}_on"] += 1


def _walk_raise(_: Block, id_: str, variables: Variables, done: Counter[str]) -> None:
    done[id_] += 1
    if variables[f"{id_}_c0"]:
        done[f"{id_}_e"] += 1
        raise Raised
    done[f"{id_}_out"] += 1


_WALKED = {
    "seq": _walk_sequence,
    "xor": _walk_split,
    "or": _walk_split,
    "and": _walk_split,
    "loop": _walk_loop,
    "cycle": _walk_cycle,
    "sub": _walk_sub,
    "guarded": _walk_guarded,
    "raise": _walk_raise,
}
