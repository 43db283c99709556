"""What the analysis says to the author of a model: how each split runs, and joins that wait for too much."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orchestrator.compiler.flow.graph import Node
from orchestrator.compiler.flow.regions import Mode, Region, Wait
from orchestrator.compiler.flow.scopes import ScopeFlow
from orchestrator.compiler.flow.threading import Threaded
from orchestrator.diagnostics import Diagnostic, Severity

UNSTRUCTURED_CONCURRENCY = "UNSTRUCTURED_CONCURRENCY"
DEADLOCK = "DEADLOCK"
POSSIBLE_DEADLOCK = "POSSIBLE_DEADLOCK"


@dataclass(frozen=True, slots=True)
class RegionReport:
    """How the tokens of one split run: element ids of the split and of its join (None: the branches just end)."""

    split: str
    join: str | None
    branches: int
    mode: Mode
    reason: str | None = None


def report_regions(flows: Mapping[str, ScopeFlow]) -> tuple[RegionReport, ...]:
    """Return one report per split, scopes and splits in order."""
    return tuple(_report(flow, region) for flow in flows.values() for region in flow.regions.by_fork.values())


def judge_flows(flows: Mapping[str, ScopeFlow]) -> Iterator[Diagnostic]:
    """Yield findings about splits that cannot run and joins that may wait for ever."""
    for flow in flows.values():
        for region in flow.regions.walk():
            finding = _judge(flow, region)
            if finding is not None:
                yield finding
        for part in flow.threaded:
            yield from _judge_threaded(flow, part)
        for index in flow.regions.lonely_joins:
            node = flow.graph.nodes[index]
            message = f"{_shown(node)} waits for several tokens, but one alone can ever come"
            yield _finding(DEADLOCK, message, node, Severity.ERROR)


def _report(flow: ScopeFlow, region: Region) -> RegionReport:
    graph = flow.graph
    element = graph.nodes[region.join].element
    fork = graph.nodes[region.fork].element
    return RegionReport(
        split=flow.scope.id if fork is None else fork.id,
        join=None if element is None else element.id,
        branches=len(graph.flows(region.fork)),
        mode=region.mode,
        reason=region.reason,
    )


def _judge(flow: ScopeFlow, region: Region) -> Diagnostic | None:
    join = flow.graph.nodes[region.join]
    if region.wait is Wait.DEADLOCK:
        message = f"{_shown(join)} waits for {region.needed} tokens, its branches can never bring that many"
        return _finding(DEADLOCK, message, join, Severity.ERROR)
    if region.wait is Wait.POSSIBLE_DEADLOCK:
        message = f"{_shown(join)} waits for {region.needed} tokens, but a branch may end without bringing one"
        return _finding(POSSIBLE_DEADLOCK, message, join, Severity.WARNING)
    return None


def _judge_threaded(flow: ScopeFlow, part: Threaded) -> Iterator[Diagnostic]:
    """Yield what the token game found, and what threads cannot do."""
    graph, seed = flow.graph, flow.graph.nodes[part.seed]
    if part.entry == graph.entry and len(graph.flows(graph.entry)) > 1:
        message = f"The branches of {_shown(seed)} do not nest ({part.reason}), and the scope has several starts"
        yield _finding(UNSTRUCTURED_CONCURRENCY, message, seed, Severity.ERROR)
    for index in part.outcome.waiting:
        node = graph.nodes[index]
        if part.outcome.may_end:
            yield _finding(POSSIBLE_DEADLOCK, f"Tokens may be left waiting at {_shown(node)}", node, Severity.WARNING)
        else:
            yield _finding(DEADLOCK, f"Tokens are always left waiting at {_shown(node)}", node, Severity.ERROR)


def _finding(code: str, message: str, node: Node, severity: Severity) -> Diagnostic:
    element = node.element
    return Diagnostic(
        code, message, None if element is None else element.id, severity, None if element is None else element.line
    )


def _shown(node: Node) -> str:
    return f"'{node.id if node.element is None else node.element.name or node.element.id}'"
