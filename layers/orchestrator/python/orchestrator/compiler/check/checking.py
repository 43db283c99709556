"""Runs the rules over a process: each node, flow and scope is looked at once."""

from collections.abc import Iterator

from orchestrator.compiler.bpmn.model import ElementId, NodeType
from orchestrator.compiler.check.rule import FlowRule, NodeRule, ProcessRule, Rule, ScopeRule
from orchestrator.compiler.check.rules import RULES
from orchestrator.compiler.check.view import ProcessView, ScopeView
from orchestrator.diagnostics import Diagnostic

_NODE_RULES = {
    node_type: tuple(rule for rule in RULES if isinstance(rule, NodeRule) and node_type in rule.types)
    for node_type in NodeType
}
_FLOW_RULES = tuple(rule for rule in RULES if isinstance(rule, FlowRule))
_SCOPE_RULES = tuple(rule for rule in RULES if isinstance(rule, ScopeRule))
_PROCESS_RULES = tuple(rule for rule in RULES if isinstance(rule, ProcessRule))


def check_process(view: ProcessView) -> tuple[Diagnostic, ...]:
    """Return the findings of all rules about a process, in document order of what they are about."""
    findings = list(_of_process(view))
    for scope in view.scopes:
        findings.extend(_of_scope(scope))
    return tuple(sorted(findings, key=lambda finding: finding.line or 0))


def _of_process(view: ProcessView) -> Iterator[Diagnostic]:
    for rule in _PROCESS_RULES:
        for subject, message in rule.check(view):
            yield _finding(rule, message, subject.id, subject.line)


def _of_scope(scope: ScopeView) -> Iterator[Diagnostic]:
    for rule in _SCOPE_RULES:
        for subject, message in rule.check(scope):
            yield _finding(rule, message, subject.id, subject.line)
    for node in scope.scope.nodes:
        for node_rule in _NODE_RULES[node.type]:
            message = node_rule.check(node, scope)
            if message is not None:
                yield _finding(node_rule, message, node.id, node.line)
    for flow in scope.scope.flows:
        for flow_rule in _FLOW_RULES:
            message = flow_rule.check(flow, scope)
            if message is not None:
                yield _finding(flow_rule, message, flow.id, flow.line)


def _finding(rule: Rule, message: str, element_id: ElementId, line: int | None) -> Diagnostic:
    return Diagnostic(rule.code, message, element_id, rule.severity, line)
