"""An event has one trigger."""

from orchestrator.compiler.bpmn.model import FlowNode
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import EVENTS, ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, _around: ScopeView) -> str | None:
    count = len(node.events)
    return f"{label(node)} ({node.type}) has {count} event definitions" if count > 1 else None


RULE = NodeRule(
    code="SEVERAL_EVENT_DEFINITIONS",
    title="Several triggers on one event",
    severity=Severity.WARNING,
    description="An event with several definitions occurs with any of them, or with all (`parallelMultiple`).",
    remedy="Use an event-based gateway with one event for each.",
    example="""
    <intermediateCatchEvent id="C">
      <messageEventDefinition messageRef="m"/><signalEventDefinition signalRef="s"/>
    </intermediateCatchEvent>""",
    corrected='<intermediateCatchEvent id="C"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>',
    bpmnlint="single-event-definition",
    types=EVENTS,
    check=_check,
)
