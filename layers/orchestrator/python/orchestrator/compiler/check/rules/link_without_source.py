"""A link catch event has a throw event that leads to it."""

from orchestrator.compiler.bpmn.model import EventKind, FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ScopeView, has_event, label, link_name
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, around: ScopeView) -> str | None:
    if not has_event(node, EventKind.LINK):
        return None
    return None if link_name(node) in around.link_throws else f"No link leads to {label(node)}"


RULE = NodeRule(
    code="LINK_WITHOUT_SOURCE",
    title="Link catch event that no link leads to",
    severity=Severity.WARNING,
    description="What follows the catch event is never reached.",
    remedy="Add a link throw event of the same name and scope, or remove the catch event.",
    example='<intermediateCatchEvent id="C"><linkEventDefinition name="L"/></intermediateCatchEvent>',
    corrected="""
    <intermediateThrowEvent id="T"><linkEventDefinition name="L"/></intermediateThrowEvent>
    <intermediateCatchEvent id="C"><linkEventDefinition name="L"/></intermediateCatchEvent>""",
    bpmnlint="link-event",
    types=frozenset({NodeType.INTERMEDIATE_CATCH_EVENT}),
    check=_check,
)
