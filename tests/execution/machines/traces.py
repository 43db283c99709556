"""The reduced real files and what independent engines did with them (../shared/bpmn/README.md).

Where a gateway decides, engines followed a function of the visit and of the run's policy. Here a task in front of
each such gateway plays that function and sets one variable per flow, which the flow's condition reads.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from orchestrator.compiler.bpmn.document import read_document
from orchestrator.compiler.bpmn.model import (
    ElementId,
    FlowNode,
    NodeType,
    ProcessModel,
    Scope,
    SequenceFlow,
    SourceExpression,
)
from orchestrator.compiler.bpmn.parse import parse
from orchestrator.compiler.bpmn.selection import select_process

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "bpmn"
_DECIDE = "__decide_"
#: at these gateways it is an event that decides
_EVENTS = "EBG"
_SPLIT = "__split_of_"

Json = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One run of a reduced file that at least two engines agree on."""

    id: str
    policy: int
    concurrency: str
    decisions: Json
    expected: frozenset[str]

    def __str__(self) -> str:
        return f"{self.id}-{self.policy}"


def agreed_cases() -> Iterator[Case]:
    """Yield the agreed runs; none where the corpus is absent."""
    if not CORPUS.exists():
        return
    manifest = {entry["id"]: entry for entry in json.loads((CORPUS / "manifest.json").read_text())}
    for path in sorted((CORPUS / "traces").glob("*.json")):
        entry = json.loads(path.read_text())
        for run in entry["runs"]:
            if run["verdict"] == "agreed":
                trace = frozenset(id_ for id_ in run["trace"] if not id_.startswith("__"))
                concurrency = manifest[entry["id"]]["concurrency"]
                yield Case(entry["id"], run["policy"], concurrency, entry["decisions"], trace)


def load(case: Case) -> ProcessModel:
    """Read the reduced file, every task turned into one that is performed, and its decisions into variables."""
    root, findings = parse((CORPUS / "traces" / f"{case.id}.cf.bpmn").read_bytes())
    assert root is not None, findings
    process, _ = select_process(read_document(root)[0])
    assert process is not None
    return replace(process, scope=_decided(process.scope, case.decisions))


class Decisions:
    """Plays the decision function: which flows a gateway takes at its n-th visit under a policy."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._visits: Counter[str] = Counter()

    def decide(self, element_id: str) -> Json:
        """Return the variables for one visit of the gateway behind a deciding task; none for other tasks."""
        if not element_id.startswith(_DECIDE):
            return {}
        gateway = element_id.removeprefix(_DECIDE)
        taken, flows = self._at(gateway), self._case.decisions[gateway]["flows"]
        return {_variable(flow): flow in taken for flow in flows}

    def happening(self, gateway: str) -> str:
        """Return the event that happens at one visit of an event-based gateway."""
        (event,) = self._at(gateway)
        return event

    def _at(self, gateway: str) -> set[str]:
        decision = self._case.decisions[gateway]
        visit = self._visits[gateway]
        self._visits[gateway] += 1
        return self._taken(decision, visit, self._case.policy)

    @staticmethod
    def _taken(decision: Json, visit: int, policy: int) -> set[str]:
        flows, turn = decision["flows"], visit + policy
        if decision["kind"] != "OR":
            return {flows[turn % len(flows)]}
        if policy == 2 and decision["default"] and visit % 2 == 0:
            return {decision["default"]}
        others = [flow for flow in flows if flow != decision["default"]]
        return set(others) if turn % 2 == 0 else {others[turn // 2 % len(others)]}


def _variable(flow_id: str) -> str:
    return "takes_" + "".join(character if character.isalnum() else "_" for character in flow_id)


def _decided(scope: Scope, decisions: Json) -> Scope:
    nodes: list[FlowNode] = []
    flows = [_conditional(flow, decisions) for flow in scope.flows]
    for node in scope.nodes:
        inner = node if node.scope is None else replace(node, scope=_decided(node.scope, decisions))
        if node.id in decisions and decisions[node.id]["kind"] != _EVENTS:
            added, flows = _with_decider(inner, flows)
            nodes.extend(added)
        else:
            performed = inner.type is NodeType.TASK
            nodes.append(replace(inner, type=NodeType.USER_TASK) if performed else inner)
    return replace(scope, nodes=tuple(nodes), flows=tuple(flows))


def _with_decider(gateway: FlowNode, flows: list[SequenceFlow]) -> tuple[list[FlowNode], list[SequenceFlow]]:
    """Keep the gateway for joining, and let a task and a gateway of the same kind decide behind it."""
    decider = FlowNode(ElementId(_DECIDE + gateway.id), NodeType.USER_TASK)
    split = replace(gateway, id=ElementId(_SPLIT + gateway.id))
    moved = [replace(flow, source=split.id) if flow.source == gateway.id else flow for flow in flows]
    links = [
        SequenceFlow(ElementId(f"__to_{decider.id}"), gateway.id, decider.id),
        SequenceFlow(ElementId(f"__to_{split.id}"), decider.id, split.id),
    ]
    return [replace(gateway, default_flow=None), decider, split], [*moved, *links]


def _conditional(flow: SequenceFlow, decisions: Json) -> SequenceFlow:
    decision = decisions.get(flow.source)
    if decision is None or decision["kind"] == _EVENTS or flow.id == decision["default"]:
        return replace(flow, condition=None)
    return replace(flow, condition=SourceExpression(f"={_variable(flow.id)}"))
