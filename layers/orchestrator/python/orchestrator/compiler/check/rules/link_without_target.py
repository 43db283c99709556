"""A link leads to exactly one place."""

from orchestrator.compiler.bpmn.model import EventKind, FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ScopeView, has_event, label, link_name
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, around: ScopeView) -> str | None:
    if not has_event(node, EventKind.LINK):
        return None
    name = link_name(node)
    if name is None:
        return f"Link {label(node)} has no name"
    count = len(around.link_catches.get(name, []))
    if count == 1:
        return None
    return f"Link {label(node)} leads to {count} catch events called '{name}' in its scope; it needs one"


RULE = NodeRule(
    code="LINK_WITHOUT_TARGET",
    title="Link that leads nowhere, or to several places",
    severity=Severity.ERROR,
    description="A link throw event goes on at the one link catch event of the same name and scope (BPMN 10.5.5).",
    remedy="Give one link catch event of the same process or sub-process the name of the link.",
    example='<intermediateThrowEvent id="T"><linkEventDefinition name="L"/></intermediateThrowEvent>',
    corrected="""
    <intermediateThrowEvent id="T"><linkEventDefinition name="L"/></intermediateThrowEvent>
    <intermediateCatchEvent id="C"><linkEventDefinition name="L"/></intermediateCatchEvent>""",
    bpmnlint="link-event",
    types=frozenset({NodeType.INTERMEDIATE_THROW_EVENT}),
    check=_check,
)
