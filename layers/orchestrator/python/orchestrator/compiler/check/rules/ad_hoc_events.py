"""An ad-hoc sub-process has no start and no end."""

from orchestrator.compiler.bpmn.model import NodeType
from orchestrator.compiler.check.rule import Findings, ScopeRule
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.diagnostics import Severity

_ENDS = frozenset({NodeType.START_EVENT, NodeType.END_EVENT})


def _check(scope: ScopeView) -> Findings:
    if scope.is_ad_hoc:
        for node in scope.scope.nodes:
            if node.type in _ENDS:
                yield node, f"{label(node)} ({node.type}) has no place in ad-hoc sub-process '{scope.owner.id}'"


RULE = ScopeRule(
    code="AD_HOC_EVENTS",
    title="Start or end event in an ad-hoc sub-process",
    severity=Severity.WARNING,
    description="The activities of an ad-hoc sub-process are started one by one, it has neither (BPMN 10.3.5).",
    remedy="Remove the event, or make it an embedded sub-process.",
    example='<adHocSubProcess id="P"><startEvent id="S"/><task id="A"/></adHocSubProcess>',
    corrected='<adHocSubProcess id="P"><task id="A"/></adHocSubProcess>',
    bpmnlint="ad-hoc-sub-process",
    check=_check,
)
