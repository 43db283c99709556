"""The flow graph of one scope: nodes by index, edges in document order.

    scope (process or sub-process)            graph
    (o)--[A]--<X>--[B]--(e)                   ENTRY -> o -> A -> X -> B -> e -> EXIT
          (timer)--[C]--(e2)                         A ~> timer -> C -> e2 -> EXIT      (~> exceptional)

A sub-process is one node here; its contents are a graph of their own. Nodes that no sequence flow leads
through (event sub-processes, compensation handlers) are not part of the graph.
"""

from dataclasses import dataclass
from enum import StrEnum

from orchestrator.compiler.bpmn.model import FlowNode, SequenceFlow
from orchestrator.compiler.flow.analysis import on_cycles


class Role(StrEnum):
    """What a node does with the tokens that reach it (BPMN 13.2)."""

    ENTRY = "entry"
    EXIT = "exit"
    STEP = "step"
    CHOICE = "choice"
    FORK = "fork"
    JOIN = "join"
    INCLUSIVE_FORK = "inclusive_fork"
    INCLUSIVE_JOIN = "inclusive_join"
    EVENT_CHOICE = "event_choice"
    ABORT = "abort"


FORKS = frozenset({Role.FORK, Role.INCLUSIVE_FORK})
JOINS = frozenset({Role.JOIN, Role.INCLUSIVE_JOIN})


@dataclass(frozen=True, slots=True)
class Node:
    """One node. `element` is None for ENTRY and EXIT; a `synthetic` node leaves no trace in the trail."""

    index: int
    id: str
    role: Role
    element: FlowNode | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """One edge; `flow` is None where no sequence flow stands behind it.

    `exceptional` leads to a boundary event, `beside` to one that lets the activity go on.
    """

    source: int
    target: int
    flow: SequenceFlow | None = None
    exceptional: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class FlowGraph:
    """Nodes and edges of one scope. `outgoing[i]` and `incoming[i]` are the edges of node i, in document order."""

    scope_id: str
    nodes: tuple[Node, ...]
    outgoing: tuple[tuple[Edge, ...], ...]
    incoming: tuple[tuple[Edge, ...], ...]
    entry: int
    exit: int
    #: the target indexes of every node, exceptional edges included
    successors: tuple[tuple[int, ...], ...]
    #: the nodes that lie on a cycle
    cyclic: frozenset[int]

    def flows(self, index: int) -> tuple[Edge, ...]:
        """Return the edges that a token takes when the node is left regularly."""
        return tuple(edge for edge in self.outgoing[index] if not edge.exceptional)

    def __str__(self) -> str:
        """Print one line per node: its index, id, role and targets."""
        lines = [
            f"{node.index} {node.id} [{node.role}] "
            + " ".join(f"{'~' if edge.exceptional else '-'}>{edge.target}" for edge in self.outgoing[node.index])
            for node in self.nodes
        ]
        return "\n".join(lines)


def assemble(scope_id: str, nodes: list[Node], edges: list[Edge], *, entry: int, exit_: int) -> FlowGraph:
    """Index the edges by their ends; linear in nodes and edges."""
    outgoing: list[list[Edge]] = [[] for _ in nodes]
    incoming: list[list[Edge]] = [[] for _ in nodes]
    for edge in edges:
        outgoing[edge.source].append(edge)
        incoming[edge.target].append(edge)
    successors = tuple(tuple(edge.target for edge in edges) for edges in outgoing)
    return FlowGraph(
        scope_id=scope_id,
        nodes=tuple(nodes),
        outgoing=tuple(map(tuple, outgoing)),
        incoming=tuple(map(tuple, incoming)),
        entry=entry,
        exit=exit_,
        successors=successors,
        cyclic=on_cycles(successors),
    )
