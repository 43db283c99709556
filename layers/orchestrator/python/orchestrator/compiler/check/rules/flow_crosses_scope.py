"""A sequence flow stays in its scope."""

from orchestrator.compiler.bpmn.model import SequenceFlow
from orchestrator.compiler.check.rule import Findings, ProcessRule
from orchestrator.compiler.check.view import ProcessView, ScopeView
from orchestrator.diagnostics import Severity


def _check(view: ProcessView) -> Findings:
    for scope in view.scopes:
        for flow in scope.scope.flows:
            ends = [view.scope_of.get(end) for end in (flow.source, flow.target)]
            if None not in ends and any(end is not scope for end in ends):
                yield flow, _message(flow, ends[0], ends[1])


def _message(flow: SequenceFlow, source: ScopeView | None, target: ScopeView | None) -> str:
    if source is target and source is not None:
        return f"Flow '{flow.id}' joins elements of '{source.owner.id}' but is declared outside of it"
    return f"Flow '{flow.id}' leads from '{flow.source}' to '{flow.target}' across the border of a sub-process"


RULE = ProcessRule(
    code="FLOW_CROSSES_SCOPE",
    title="Sequence flow across the border of a sub-process",
    severity=Severity.ERROR,
    description="A sequence flow joins elements of one process or one sub-process (BPMN 8.4.13).",
    remedy="Let the flow lead to the sub-process itself, or leave it through its end event or a boundary event.",
    example="""
    <startEvent id="S"/><subProcess id="P"><task id="A"/></subProcess>
    <sequenceFlow id="f" sourceRef="S" targetRef="A"/>""",
    corrected="""
    <startEvent id="S"/><subProcess id="P"><task id="A"/></subProcess>
    <sequenceFlow id="f" sourceRef="S" targetRef="P"/>""",
    check=_check,
)
