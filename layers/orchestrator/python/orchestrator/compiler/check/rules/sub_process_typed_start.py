"""An embedded sub-process starts without a trigger."""

from orchestrator.compiler.bpmn.model import FlowNode, NodeType
from orchestrator.compiler.check.rule import NodeRule
from orchestrator.compiler.check.view import ScopeView, label
from orchestrator.diagnostics import Severity


def _check(node: FlowNode, around: ScopeView) -> str | None:
    inside = not around.is_process and not around.is_event_sub_process
    return (
        f"The event of start event {label(node)} is ignored: the flow starts its sub-process"
        if (inside and node.events)
        else None
    )


RULE = NodeRule(
    code="SUB_PROCESS_TYPED_START",
    title="Event on the start of an embedded sub-process",
    severity=Severity.WARNING,
    description="An embedded sub-process starts when a flow reaches it; an event on its start event has no effect.",
    remedy="Put an intermediate catch event after the start event, or make it an event sub-process.",
    example="""
    <subProcess id="P"><startEvent id="S"><signalEventDefinition signalRef="go"/></startEvent></subProcess>""",
    corrected="""
    <subProcess id="P"><startEvent id="S"/><intermediateCatchEvent id="C"><signalEventDefinition signalRef="go"/>
    </intermediateCatchEvent><sequenceFlow id="f" sourceRef="S" targetRef="C"/></subProcess>""",
    bpmnlint="sub-process-blank-start-event",
    types=frozenset({NodeType.START_EVENT}),
    check=_check,
)
