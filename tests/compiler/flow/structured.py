"""Random block-structured processes: sequences, exclusive, parallel and inclusive blocks, loops, ends, sub-processes."""

from dataclasses import dataclass, field, replace
from itertools import count

from hypothesis import strategies as st

from orchestrator.compiler.bpmn.model import (
    ElementId,
    FlowNode,
    NodeType,
    ProcessModel,
    Scope,
    SequenceFlow,
    SourceExpression,
)

#: a block: its kind, and the blocks inside it
Block = tuple[str, tuple["Block", ...]]
_SPLITS = {
    "xor": NodeType.EXCLUSIVE_GATEWAY,
    "and": NodeType.PARALLEL_GATEWAY,
    "or": NodeType.INCLUSIVE_GATEWAY,
    "loop": NodeType.EXCLUSIVE_GATEWAY,
}


def blocks(depth: int = 3) -> st.SearchStrategy[Block]:
    """Blocks of bounded depth; branches may be empty (a flow straight to the join)."""
    leaf: st.SearchStrategy[Block] = st.sampled_from([("user", ()), ("task", ()), ("empty", ())])
    if depth == 0:
        return leaf
    inner = blocks(depth - 1)
    branches = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        leaf,
        st.tuples(st.just("seq"), st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.tuples(st.sampled_from(["xor", "and", "or"]), branches),
        st.tuples(st.sampled_from(["loop", "sub"]), st.tuples(inner)),
    )


@dataclass
class Drawn:
    """A process drawn from a block, with what a test needs to know of it."""

    nodes: list[FlowNode] = field(default_factory=list)
    flows: list[SequenceFlow] = field(default_factory=list)
    numbers: count = field(default_factory=count)
    joins: dict[str, str] = field(default_factory=dict)

    def add(self, kind: NodeType, prefix: str) -> str:
        id_ = ElementId(f"{prefix}{next(self.numbers)}")
        self.nodes.append(FlowNode(id_, kind))
        return id_

    def link(self, source: str, target: str, variable: str | None = None) -> str:
        id_ = ElementId(f"f{next(self.numbers)}")
        condition = None if variable is None else f"={variable}"
        expression = None if condition is None else SourceExpression(condition)
        self.flows.append(SequenceFlow(id_, ElementId(source), ElementId(target), expression))
        return id_


def draw(block: Block) -> tuple[ProcessModel, Drawn]:
    """Turn a block into a process. Conditions read a variable named after the flow's target and gateway."""
    drawn = Drawn()
    scope = _scope(block, drawn, ElementId("process"))
    return ProcessModel(ElementId("process"), None, scope), drawn


def _scope(block: Block, drawn: Drawn, id_: ElementId) -> Scope:
    outer, drawn.nodes, drawn.flows = (drawn.nodes, drawn.flows), [], []
    start = drawn.add(NodeType.START_EVENT, "s")
    last = _place(block, start, drawn)
    drawn.link(last, drawn.add(NodeType.END_EVENT, "e"))
    scope = Scope(id_, tuple(drawn.nodes), tuple(drawn.flows))
    drawn.nodes, drawn.flows = outer
    return scope


def _place(block: Block, before: str, drawn: Drawn) -> str:
    """Add a block behind a node and return the block's last node."""
    kind, inner = block
    if kind == "empty":
        return before
    if kind in {"user", "task"}:
        return _append(drawn, before, NodeType.USER_TASK if kind == "user" else NodeType.TASK, kind[0])
    if kind == "sub":
        return _sub(inner[0], before, drawn)
    if kind == "seq":
        for part in inner:
            before = _place(part, before, drawn)
        return before
    return _loop(inner[0], before, drawn) if kind == "loop" else _split(kind, inner, before, drawn)


def _append(drawn: Drawn, before: str, kind: NodeType, prefix: str) -> str:
    node = drawn.add(kind, prefix)
    drawn.link(before, node)
    return node


def _sub(inner: Block, before: str, drawn: Drawn) -> str:
    node = _append(drawn, before, NodeType.SUB_PROCESS, "p")
    scope = _scope(inner, drawn, ElementId(node))
    drawn.nodes = [replace(found, scope=scope) if found.id == node else found for found in drawn.nodes]
    return node


def _loop(inner: Block, before: str, drawn: Drawn) -> str:
    merge = _append(drawn, before, NodeType.EXCLUSIVE_GATEWAY, "m")
    body = _place(inner, _append(drawn, merge, NodeType.USER_TASK, "d"), drawn)
    decide = _append(drawn, body, NodeType.EXCLUSIVE_GATEWAY, "x")
    drawn.link(decide, merge, f"again_{decide}")
    return _append(drawn, decide, NodeType.USER_TASK, "u")


def _split(kind: str, inner: tuple[Block, ...], before: str, drawn: Drawn) -> str:
    decide = _append(drawn, before, NodeType.USER_TASK, "d")
    split = _append(drawn, decide, _SPLITS[kind], "g")
    join = drawn.add(_SPLITS[kind], "j")
    drawn.joins[split] = join
    for position, part in enumerate(inner):
        first = _append(drawn, split, NodeType.TASK, "t")
        if kind != "and" and position > 0:
            flow = drawn.flows[-1]
            condition = SourceExpression(f"={split}_{position}")
            drawn.flows[-1] = replace(flow, condition=condition)
        drawn.link(_place(part, first, drawn), join)
    return join
