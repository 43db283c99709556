"""An event that is caught says what it waits for."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, _around: ScopeView) -> str | None:
    return None if node.events else f"{label(node)} ({node.type}) has no event definition: nothing could trigger it"


RULE = NodeRule(
    code="EVENT_UNDEFINED",
    title="Catch event without an event",
    severity=Severity.ERROR,
    description="A boundary or intermediate catch event without an event definition can never occur.",
    remedy="Add a timer, message, signal or other event definition, or make it an intermediate throw event.",
    example='<intermediateCatchEvent id="C"/>',
    corrected="""
    <intermediateCatchEvent id="C">
      <timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>
    </intermediateCatchEvent>""",
    types=frozenset({NodeType.BOUNDARY_EVENT, NodeType.INTERMEDIATE_CATCH_EVENT}),
    check=_check,
)
