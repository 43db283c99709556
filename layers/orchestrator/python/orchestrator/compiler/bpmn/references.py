"""References between flow elements: those that lead nowhere keep a model from running."""

from collections.abc import Iterator

from orchestrator.compiler.bpmn.model import ElementId, FlowNode, ProcessModel, Scope
from orchestrator.diagnostics import Diagnostic


def dangling_references(process: ProcessModel) -> Iterator[Diagnostic]:
    """Yield DANGLING_REFERENCE for ends of flows, boundary events and defaults that name no element."""
    scopes = [process.scope, *(node.scope for node in process.scope.walk() if node.scope is not None)]
    nodes = {node.id for scope in scopes for node in scope.nodes}
    flows = {flow.id for scope in scopes for flow in scope.flows}
    for scope in scopes:
        yield from _of_flows(scope, nodes)
        for node in scope.nodes:
            yield from _of_node(node, nodes, flows)


def _of_flows(scope: Scope, nodes: set[ElementId]) -> Iterator[Diagnostic]:
    for flow in scope.flows:
        for attribute, end in (("sourceRef", flow.source), ("targetRef", flow.target)):
            if end not in nodes:
                yield _dangling(f"{attribute} '{end}' of sequence flow '{flow.id}'", flow.id, flow.line)


def _of_node(node: FlowNode, nodes: set[ElementId], flows: set[ElementId]) -> Iterator[Diagnostic]:
    if node.attached_to is not None and node.attached_to not in nodes:
        yield _dangling(f"attachedToRef '{node.attached_to}' of boundary event '{node.id}'", node.id, node.line)
    if node.default_flow is not None and node.default_flow not in flows:
        yield _dangling(f"default '{node.default_flow}' of '{node.id}'", node.id, node.line)
    for event in node.events:
        if event.activity_ref is not None and event.activity_ref not in nodes:
            yield _dangling(f"activityRef '{event.activity_ref}' of '{node.id}'", node.id, event.line)


def _dangling(what: str, element_id: str, line: int | None) -> Diagnostic:
    return Diagnostic("DANGLING_REFERENCE", f"{what} names no element of the process", element_id, line=line)
