"""A timer says when."""

from orchestrator.compiler.bpmn.model import EventKind, FlowNode
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import EVENTS, ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, _around: ScopeView) -> str | None:
    empty = any(event.kind is EventKind.TIMER and event.expression is None for event in node.events)
    return f"Timer event {label(node)} has no date, duration or cycle" if empty else None


RULE = NodeRule(
    code="TIMER_INCOMPLETE",
    title="Timer without a time",
    severity=Severity.ERROR,
    description="A timer event definition has a `timeDate`, `timeDuration` or `timeCycle` (BPMN 10.5.5).",
    remedy="Add one of them, as ISO 8601 or as an expression.",
    example='<intermediateCatchEvent id="C"><timerEventDefinition/></intermediateCatchEvent>',
    corrected="""
    <intermediateCatchEvent id="C">
      <timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>
    </intermediateCatchEvent>""",
    types=EVENTS,
    check=_check,
)
