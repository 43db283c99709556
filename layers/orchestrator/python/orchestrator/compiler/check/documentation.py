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


def render_rules() -> str:
    """Return the rules as Markdown: a table of contents, then a section for each rule."""
    sections = [_INTRODUCTION, _contents(), *map(_section, RULES), _left_out()]
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


def _left_out() -> str:
    rows = [f"- `{name}`: {reason}." for name, reason in _LEFT_OUT.items()]
    return "\n".join(["## Rules of bpmnlint that are left out", "", *rows])
