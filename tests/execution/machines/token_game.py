"""The token game of BPMN 13.4, small: what a process completes when its decisions are known."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from orchestrator.compiler.bpmn.model import FlowNode, NodeType, ProcessModel, SequenceFlow

GATEWAYS = {NodeType.EXCLUSIVE_GATEWAY, NodeType.PARALLEL_GATEWAY, NodeType.INCLUSIVE_GATEWAY}


@dataclass
class Played:
    """Nodes completed, and nodes before which tokens were left waiting."""

    done: Counter[str] = field(default_factory=Counter)
    waiting: frozenset[str] = frozenset()


class Game:
    """One process without sub-processes and events; conditions are names of variables, as `=name`."""

    def __init__(self, model: ProcessModel, variables: dict[str, bool]) -> None:
        self._nodes = {node.id: node for node in model.scope.nodes}
        self._out: dict[str, list[SequenceFlow]] = {id_: [] for id_ in self._nodes}
        self._in: dict[str, list[SequenceFlow]] = {id_: [] for id_ in self._nodes}
        for flow in model.scope.flows:
            self._out[flow.source].append(flow)
            self._in[flow.target].append(flow)
        self._variables = variables

    def play(self, schedule: Random, moves: int = 2_000) -> Played | None:
        """Play one schedule to its end; None if it takes too many moves."""
        played, tokens = Played(), Counter[str]()
        flows = {flow.id: flow for outgoing in self._out.values() for flow in outgoing}
        for node in self._nodes.values():
            if node.type is NodeType.START_EVENT:
                self._leave(node, played, tokens)
        for _ in range(moves):
            ready = sorted({(flows[id_].target, *self._taken(flows[id_], tokens)) for id_ in tokens})
            ready = [one for one in ready if len(one) > 1]
            if not ready:
                played.waiting = frozenset(flows[id_].target for id_ in tokens)
                return played
            node, *taken = schedule.choice(ready)
            for id_ in taken:
                tokens[id_] -= 1
            tokens += Counter()
            self._leave(self._nodes[node], played, tokens)
        return None

    def _taken(self, flow: SequenceFlow, tokens: Counter[str]) -> list[str]:
        """Return the flows whose tokens are consumed when the target of `flow` goes on; none if it waits."""
        node, incoming = self._nodes[flow.target], self._in[flow.target]
        if node.type is NodeType.PARALLEL_GATEWAY:
            return [one.id for one in incoming] if all(tokens[one.id] for one in incoming) else []
        if node.type is not NodeType.INCLUSIVE_GATEWAY:
            return [flow.id]
        filled = {one.id for one in incoming if tokens[one.id]}
        empty = {one.id for one in incoming} - filled
        elsewhere = [id_ for id_ in tokens if id_ not in filled]
        reached = [self._reached(id_, node) for id_ in elsewhere]
        return [] if any(found & empty and not found & filled for found in reached) else sorted(filled)

    def _reached(self, flow_id: str, join: FlowNode) -> set[str]:
        """Return the flows into a join that a token on a flow can reach without passing the join."""
        flows = {flow.id: flow for outgoing in self._out.values() for flow in outgoing}
        seen, pending = {flow_id}, [flow_id]
        while pending:
            target = flows[pending.pop()].target
            for flow in self._out[target] if target != join.id else ():
                if flow.id not in seen:
                    seen.add(flow.id)
                    pending.append(flow.id)
        return {id_ for id_ in seen if flows[id_].target == join.id}

    def _leave(self, node: FlowNode, played: Played, tokens: Counter[str]) -> None:
        played.done[node.id] += 1
        outgoing = self._out[node.id]
        if node.type in {NodeType.EXCLUSIVE_GATEWAY, NodeType.INCLUSIVE_GATEWAY}:
            holds = [one for one in outgoing if one.condition and self._variables[one.condition.text[1:]]]
            others = [one for one in outgoing if one.condition is None]
            outgoing = (holds or others) if node.type is NodeType.INCLUSIVE_GATEWAY else (holds or others)[:1]
        for flow in outgoing:
            tokens[flow.id] += 1
