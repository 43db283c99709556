"""DMN texts, and a table evaluated by the letter of the hit policies, in plain Python."""

from collections.abc import Callable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from orchestrator.compiler.bpmn.decisions.model import Decision
from orchestrator.compiler.bpmn.decisions.read import read_decisions
from orchestrator.compiler.bpmn.elements import BPMN_NAMESPACE

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def file(decisions: str, body: str = "", root: str = "") -> str:
    return (
        f'<definitions xmlns="{BPMN_NAMESPACE}" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
        f'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t"><extensionElements>'
        f'<definitions xmlns="{DMN}" name="d" namespace="t" {root}>{decisions}</definitions></extensionElements>'
        f'<process id="p" isExecutable="true">{body}</process></definitions>'
    )


def decisions_of(decisions: str, root: str = "") -> dict[str, Decision]:
    return dict(read_decisions(etree.fromstring(file(decisions, root=root))))


def decision(logic: str, id_: str = "d", requires: Sequence[str] = ()) -> str:
    required = "".join(
        f'<informationRequirement><requiredDecision href="#{one}"/></informationRequirement>' for one in requires
    )
    return f'<decision id="{id_}" name="{id_}"><variable name="{id_}"/>{required}{logic}</decision>'


def literal(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def table(
    policy: str,
    rules: Sequence[tuple[Sequence[str], Sequence[str]]],
    inputs: Sequence[str] = ("n",),
    outputs: Sequence[tuple[str, str | None, str | None]] = (("o", None, None),),
    aggregation: str | None = None,
) -> str:
    """`rules` are tests and entries; `outputs` name, output values, default."""

    def text(tag: str, content: str | None) -> str:
        return "" if content is None else f"<{tag}><text>{escape(content)}</text></{tag}>"

    clauses = [f"<input>{text('inputExpression', name)}</input>" for name in inputs]
    clauses += [
        f'<output name="{name}">{text("outputValues", values)}{text("defaultOutputEntry", default)}</output>'
        for name, values, default in outputs
    ]
    for tests, entries in rules:
        cells = [text("inputEntry", one) for one in tests] + [text("outputEntry", one) for one in entries]
        clauses.append(f"<rule>{''.join(cells)}</rule>")
    aggregated = "" if aggregation is None else f' aggregation="{aggregation}"'
    return f'<decisionTable hitPolicy="{policy}"{aggregated}>{"".join(clauses)}</decisionTable>'


def reference(policy: str, aggregation: str | None, matched: list[Any], order: Sequence[Any]) -> Any:
    """The result for the outputs of the rules that match, in the order of the rules (DMN 1.5, 8.2.10)."""
    ranked = sorted(matched, key=order.index)
    aggregators: dict[str, Callable[[list[Any]], Any]] = {"SUM": sum, "MIN": min, "MAX": max, "COUNT": len}
    if aggregation is not None:
        return aggregators[aggregation](matched) if matched or aggregation == "COUNT" else None
    first = matched[0] if matched else None
    results = {
        "UNIQUE": first if len(matched) == 1 else None,
        "ANY": first if all(one == first for one in matched) else None,
        "FIRST": first,
        "PRIORITY": ranked[0] if ranked else None,
        "OUTPUT ORDER": ranked,
    }
    return results.get(policy, matched)
