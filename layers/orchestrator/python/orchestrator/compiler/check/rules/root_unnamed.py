"""Messages, signals, errors and escalations can be told apart."""

from orchestrator.compiler.check.rule import Findings, ProcessRule
from orchestrator.compiler.check.view import ProcessView
from orchestrator.diagnostics import Severity


def _check(view: ProcessView) -> Findings:
    for root in view.document.roots:
        if root.name is None and root.code is None:
            yield root, f"{root.kind.capitalize()} '{root.id}' has neither a name nor a code: it is called by its id"


RULE = ProcessRule(
    code="ROOT_UNNAMED",
    title="Message, signal, error or escalation without a name",
    severity=Severity.WARNING,
    description="Callers name messages and signals, workers name error codes; an id that a tool made up serves badly.",
    remedy="Give it a name, or an error or escalation a code.",
    example='<!--definitions--><message id="Message_1x2y3z"/>',
    corrected='<!--definitions--><message id="Message_1x2y3z" name="order"/>',
    bpmnlint="global",
    check=_check,
)
