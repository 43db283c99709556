"""What a validation rule is: a code, how to explain it, and a function that looks at one thing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from orchestrator.compiler.bpmn.model import FlowNode, NodeType, SequenceFlow
from orchestrator.compiler.check.view import Located, ProcessView, ScopeView
from orchestrator.diagnostics import Severity

Findings = Iterable[tuple[Located, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Explains a rule. The documentation is made of these fields, and tests hold them to what they say.

    `example` is what a process contains that breaks the rule, `corrected` the same made right; both are BPMN
    without prefixes. `bpmnlint` names the rule of bpmnlint that has the same subject.
    """

    code: str
    title: str
    severity: Severity
    description: str
    remedy: str
    example: str
    corrected: str
    bpmnlint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRule(Rule):
    """A rule about single flow nodes of some types: the check returns what is wrong with one, or None."""

    types: frozenset[NodeType]
    check: Callable[[FlowNode, ScopeView], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRule(Rule):
    """A rule about single sequence flows: the check returns what is wrong with one, or None."""

    check: Callable[[SequenceFlow, ScopeView], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeRule(Rule):
    """A rule about what a process or sub-process contains as a whole."""

    check: Callable[[ScopeView], Findings]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRule(Rule):
    """A rule about a process and the file around it."""

    check: Callable[[ProcessView], Findings]
