"""The rules as a page of documentation."""

from textwrap import dedent

from orchestrator.compiler.check.rule import Rule
from orchestrator.compiler.check.rules import RULES

_DEFINITIONS = "<!--definitions-->"
#: rules of bpmnlint's recommended set that have no counterpart, and why
_LEFT_OUT = {
    "no-bpmndi": "a diagram is not needed to run a model; a third of real files has none",
    "no-overlapping-elements": "it is about the drawing, which is not read",
}

#: what the passes before and after the rules find: code, severity, meaning
_OTHERS = (
    ("XML_MALFORMED", "error", "the text is not well-formed XML; the line says where"),
    ("XML_FORBIDDEN", "error", "a document type declaration or entities; they are never read"),
    ("XML_TOO_LARGE", "error", "more bytes than allowed"),
    ("XML_TOO_DEEP", "error", "more levels of nesting than allowed"),
    ("NOT_BPMN", "error", "the root is no BPMN 2.0 `definitions`; the message says what it is"),
    ("NO_PROCESS", "error", "no process, or none that contains anything"),
    ("PROCESS_NOT_FOUND", "error", "the file has no process of the name asked for"),
    (
        "OTHER_PROCESSES",
        "warning or info",
        "the file has other processes; a warning where the first of several was taken",
    ),
    ("NOT_EXECUTABLE", "warning", "`isExecutable` is false; the process runs all the same"),
    ("UNSUPPORTED_ELEMENT", "error", "an element that cannot be executed"),
    ("DUPLICATE_ID", "error", "two elements have one id"),
    ("MISSING_ID", "warning", "an element without an id; one is made up from its kind and position"),
    ("DANGLING_REFERENCE", "error or warning", "a reference to nothing; a warning where a name can stand for it"),
    ("DECISION_NOT_FOUND", "error", "the file carries decisions, but not the one that the task names"),
    ("VARIABLE_READ_TOO_EARLY", "warning", "a variable is read where nothing can have written it yet"),
    ("VARIABLE_EXPECTED", "info", "a variable that nothing writes before it is read; instances need it as input"),
    ("FINDINGS_OMITTED", "of the gravest left out", "more than 1,000 findings; the message counts those left out"),
)


def render_rules() -> str:
    """Return the rules as Markdown: a table of contents, then a section for each rule."""
    sections = [_INTRODUCTION, _contents(), *map(_section, RULES), _others(), _left_out()]
    return "\n\n".join(sections) + "\n"


_INTRODUCTION = """\
# Validation rules

Errors keep a definition from being published. Warnings do not, unless validation runs with `strict_mode`. Remarks
(info) never do. This page is generated from the rules in `orchestrator/compiler/check/rules/`."""


def _contents() -> str:
    rows = [
        f"| [{rule.code}](#{rule.code.lower()}) | {rule.severity} | {rule.title} | {_counterpart(rule)} |"
        for rule in RULES
    ]
    return "\n".join(["| code | severity | what is wrong | bpmnlint |", "|---|---|---|---|", *rows])


def _counterpart(rule: Rule) -> str:
    return "" if rule.bpmnlint is None else f"`{rule.bpmnlint}`"


def _section(rule: Rule) -> str:
    return "\n\n".join(
        [
            f"## {rule.code}",
            f"**{rule.title}** ({rule.severity}). {rule.description}",
            _snippet(rule.example),
            f"{rule.remedy}",
            _snippet(rule.corrected),
        ]
    )


def _snippet(xml: str) -> str:
    text = dedent(xml.removeprefix(_DEFINITIONS)).strip()
    return f"```xml\n{text}\n```"


def _others() -> str:
    rows = [f"| {code} | {severity} | {meaning} |" for code, severity, meaning in _OTHERS]
    return "\n".join(
        ["## Findings of reading and of data flow", "", "| code | severity | meaning |", "|---|---|---|", *rows]
    )


def _left_out() -> str:
    rows = [f"- `{name}`: {reason}." for name, reason in _LEFT_OUT.items()]
    return "\n".join(["## Rules of bpmnlint that are left out", "", *rows])
