"""Data flow: variables that are read where nothing can have written them yet.

    (o)--[A: reads x]--[B: writes x]--(e)      x is read before it is written: VARIABLE_READ_TOO_EARLY
    (o)--<X: x > 3>--...                       nothing writes x: it must come with the input: VARIABLE_EXPECTED

Tasks without output mappings may answer with any variable, so that behind one nothing is reported.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from orchestrator.compiler.bpmn.model import ElementId, EventKind, FlowNode, NodeType
from orchestrator.compiler.check.variables import Usage, usage_of
from orchestrator.compiler.check.view import ProcessView, ScopeView, has_event, label, link_name
from orchestrator.diagnostics import Diagnostic, Severity

VARIABLE_READ_TOO_EARLY = "VARIABLE_READ_TOO_EARLY"
VARIABLE_EXPECTED = "VARIABLE_EXPECTED"


@dataclass(frozen=True, slots=True)
class _Flow:
    """The nodes of all scopes in one graph: sub-processes lead to their starts, their ends behind them."""

    nodes: Mapping[ElementId, FlowNode]
    usage: Mapping[ElementId, Usage]
    successors: Mapping[ElementId, list[ElementId]]

    def behind(self, starts: Iterable[ElementId]) -> set[ElementId]:
        """Return the nodes that can be reached from any of `starts` in one step or more."""
        reached: set[ElementId] = set()
        open_ = list(starts)
        while open_:
            for successor in self.successors.get(open_.pop(), ()):
                if successor not in reached:
                    reached.add(successor)
                    open_.append(successor)
        return reached

    def users(self, names: Callable[[Usage], Iterable[str]]) -> dict[str, list[ElementId]]:
        """Return the nodes that use each variable, in the order of the nodes."""
        found: dict[str, list[ElementId]] = {}
        for id_, usage in self.usage.items():
            for name in names(usage):
                found.setdefault(name, []).append(id_)
        return found


def check_data_flow(view: ProcessView) -> tuple[Diagnostic, ...]:
    """Return VARIABLE_READ_TOO_EARLY (warnings) and VARIABLE_EXPECTED (info, once for each variable)."""
    flow = _flow(view)
    given = {item.name or item.id for scope in view.scopes for item in scope.scope.data_objects}
    given.add(view.process.initiator or "")
    open_writers = [id_ for id_, usage in flow.usage.items() if usage.writes_anything]
    covered = flow.behind(open_writers)
    readers, writers = flow.users(lambda usage: usage.reads), flow.users(lambda usage: usage.writes)
    uncovered = {name: [id_ for id_ in ids if id_ not in covered] for name, ids in readers.items() if name not in given}
    findings = (
        _about(name, flow, early, writers.get(name, []), open_writers)
        for name, early in sorted(uncovered.items())
        if early
    )
    return tuple(sorted(chain.from_iterable(findings), key=lambda finding: finding.line or 0))


def _about(
    name: str, flow: _Flow, uncovered: list[ElementId], writers: list[ElementId], open_writers: list[ElementId]
) -> Iterator[Diagnostic]:
    """Findings about one variable; `uncovered` are its readers behind no task that may have written anything."""
    if not writers:
        yield from (_expected(name, flow.nodes[id_]) for id_ in uncovered[:1])
        return
    written = flow.behind(writers)
    for id_ in uncovered:
        # what is not ordered with the reader may run beside it
        if id_ not in written and flow.behind([id_]) | {id_} >= {*writers, *open_writers}:
            yield _too_early(name, flow.nodes[id_])


def _expected(name: str, node: FlowNode) -> Diagnostic:
    message = (
        f"Variable '{name}' is read first at {label(node)} and written by nothing before: instances need it as input"
    )
    return Diagnostic(VARIABLE_EXPECTED, message, node.id, Severity.INFO, node.line)


def _too_early(name: str, node: FlowNode) -> Diagnostic:
    message = f"{label(node)} reads variable '{name}', which is written only after it: instances need it as input"
    return Diagnostic(VARIABLE_READ_TOO_EARLY, message, node.id, Severity.WARNING, node.line)


def _flow(view: ProcessView) -> _Flow:
    nodes = {node.id: node for scope in view.scopes for node in scope.scope.nodes}
    successors: dict[ElementId, list[ElementId]] = {id_: [] for id_ in nodes}
    for scope in view.scopes:
        for node in scope.scope.nodes:
            successors[node.id].extend(_next(node, scope))
            if node.scope is not None:
                for start, end in _inside(node, view):
                    successors[node.id].append(start)
                    successors[end].extend(flow.target for flow in scope.flows_out_of(node))
    usage = {node.id: usage_of(node, scope) for scope in view.scopes for node in scope.scope.nodes}
    return _Flow(nodes, usage, successors)


def _next(node: FlowNode, scope: ScopeView) -> Iterator[ElementId]:
    yield from (flow.target for flow in scope.flows_out_of(node))
    yield from (boundary.id for boundary in scope.boundaries_of(node))
    if node.type is NodeType.INTERMEDIATE_THROW_EVENT and has_event(node, EventKind.LINK):
        yield from (other.id for other in scope.link_catches.get(link_name(node), [])[:1])


def _inside(node: FlowNode, view: ProcessView) -> Iterator[tuple[ElementId, ElementId]]:
    """Yield pairs of entries and exits of a sub-process, each entry and each exit at least once."""
    if node.scope is None or not node.scope.nodes:
        return
    inner = view.scope_of[node.scope.nodes[0].id]
    entries = [child.id for child in node.scope.nodes if not inner.flows_into(child)]
    exits = [child.id for child in node.scope.nodes if not inner.flows_out_of(child)]
    longest = max(len(entries), len(exits))
    for index in range(longest if entries and exits else 0):
        yield entries[index % len(entries)], exits[index % len(exits)]
