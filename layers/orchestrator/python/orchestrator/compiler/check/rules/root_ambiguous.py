"""Names of messages, signals, errors and escalations are unique."""

from orchestrator.compiler.check.rule import Findings, ProcessRule
from orchestrator.compiler.check.view import ProcessView
from orchestrator.diagnostics import Severity


def _check(view: ProcessView) -> Findings:
    seen: dict[tuple[str, str | None], str] = {}
    for root in view.document.roots:
        key = (root.kind, root.code or root.name)
        if key[1] is not None and key in seen:
            yield root, f"{root.kind.capitalize()} '{root.id}' is called '{key[1]}' like '{seen[key]}': they are one"
        seen.setdefault(key, root.id)


RULE = ProcessRule(
    code="ROOT_AMBIGUOUS",
    title="Two messages, signals, errors or escalations of one name",
    severity=Severity.WARNING,
    description="Messages and signals are told apart by name, errors and escalations by code; ids do not count.",
    remedy="Refer to one of them everywhere, or rename the other.",
    example='<!--definitions--><signal id="a" name="stop"/><signal id="b" name="stop"/>',
    corrected='<!--definitions--><signal id="a" name="stop"/><signal id="b" name="go"/>',
    bpmnlint="global",
    check=_check,
)
