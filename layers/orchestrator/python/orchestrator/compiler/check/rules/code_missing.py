"""An error or escalation that is raised has a code."""

from orchestrator.compiler.bpmn.model import EventKind, FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.diagnostics import Severity

_CODED = frozenset({EventKind.ERROR, EventKind.ESCALATION})


def _check(node: FlowNode, _around: ScopeView) -> str | None:
    kind = next((event.kind for event in node.events if event.kind in _CODED and not event.code), None)
    return None if kind is None else f"{label(node)} raises an {kind} without a code: only a catch-all catches it"


RULE = NodeRule(
    code="CODE_MISSING",
    title="Error or escalation without a code",
    severity=Severity.WARNING,
    description="Handlers are found by code; what is raised without one reaches only handlers of any code.",
    remedy="Refer to an `error` with an `errorCode`, or an `escalation` with an `escalationCode`.",
    example='<endEvent id="E"><errorEventDefinition/></endEvent>',
    corrected='<endEvent id="E"><errorEventDefinition errorRef="out-of-stock"/></endEvent>',
    types=frozenset({NodeType.END_EVENT, NodeType.INTERMEDIATE_THROW_EVENT}),
    check=_check,
)
