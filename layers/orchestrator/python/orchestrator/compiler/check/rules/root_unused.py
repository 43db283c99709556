"""Messages, signals, errors and escalations are used."""

from collections.abc import Iterator

from orchestrator.compiler.bpmn.model import EventKind, FlowNode
from orchestrator.compiler.check.rule import Findings, ProcessRule
from orchestrator.compiler.check.view import ProcessView
from orchestrator.diagnostics import Severity


def _check(view: ProcessView) -> Findings:
    document = view.document
    used = {flow.message or "" for flow in document.message_flows}
    for process in document.processes:
        for node in process.scope.walk():
            used.update(_named(node))
    for root in document.roots:
        if not used & {root.id, root.name or root.id}:
            yield root, f"{root.kind.capitalize()} '{root.name or root.id}' is used by nothing"


def _named(node: FlowNode) -> Iterator[str]:
    """Yield ids of root elements and names of messages that a node refers to."""
    for event in node.events:
        yield event.reference or ""
        if event.kind is EventKind.MESSAGE:
            yield event.name or ""
    yield node.execution.message_name or ""


RULE = ProcessRule(
    code="ROOT_UNUSED",
    title="Message, signal, error or escalation that nothing uses",
    severity=Severity.WARNING,
    description="No event, task or message flow of the file refers to it.",
    remedy="Remove it, or let the event that is meant refer to it.",
    example='<!--definitions--><signal id="a" name="stop"/>',
    corrected="""<!--definitions--><signal id="a" name="stop"/><process id="p">
    <endEvent id="E"><signalEventDefinition signalRef="a"/></endEvent></process>""",
    bpmnlint="global",
    check=_check,
)
