"""A conditional event has a condition."""

from orchestrator.compiler.bpmn.model import EventKind, FlowNode
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import EVENTS, ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, _around: ScopeView) -> str | None:
    empty = any(event.kind is EventKind.CONDITIONAL and event.expression is None for event in node.events)
    return f"Conditional event {label(node)} has no condition" if empty else None


RULE = NodeRule(
    code="CONDITION_EVENT_INCOMPLETE",
    title="Conditional event without a condition",
    severity=Severity.ERROR,
    description="A conditional event occurs when its condition becomes true (BPMN 10.5.5).",
    remedy="Write the condition.",
    example='<intermediateCatchEvent id="C"><conditionalEventDefinition/></intermediateCatchEvent>',
    corrected="""
    <intermediateCatchEvent id="C">
      <conditionalEventDefinition><condition>=stock &gt; 0</condition></conditionalEventDefinition>
    </intermediateCatchEvent>""",
    types=EVENTS,
    check=_check,
)
