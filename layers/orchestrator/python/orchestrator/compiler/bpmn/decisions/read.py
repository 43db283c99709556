"""Decisions of a file, read from the DMN `definitions` in its extension elements, whichever version they are of."""

from collections.abc import Iterator, Mapping

from orchestrator.compiler.bpmn.decisions.model import (
    Decision,
    DecisionRule,
    DecisionTable,
    Input,
    LiteralExpression,
    Logic,
    OtherLogic,
    Output,
)
from orchestrator.compiler.bpmn.elements import Element, bpmn, local_name, reference, text_of

_DMN = "omg.org/spec/DMN/"
#: children of a decision that are not its logic
_BESIDE = frozenset(
    {"description", "extensionElements", "question", "allowedAnswers", "variable", "informationRequirement"}
    | {"knowledgeRequirement", "authorityRequirement", "supportedObjective", "impactedPerformanceIndicator"}
    | {"decisionMaker", "decisionOwner", "usingProcess", "usingTask"}
)


def read_decisions(root: Element) -> Mapping[str, Decision]:
    """Return decision id -> decision of all DMN models in the file; the first of two with one id counts."""
    found: dict[str, Decision] = {}
    for extensions in root.iter(bpmn("extensionElements")):
        for model in extensions:
            if local_name(model) == "definitions" and _DMN in model.tag:
                for decision in _children(model, "decision"):
                    read = _decision(decision, model.get("expressionLanguage"))
                    found.setdefault(read.id, read)
    return found


def _decision(element: Element, language: str | None) -> Decision:
    id_ = reference(element.get("id")) or ""
    variable = next(_children(element, "variable"), None)
    name = None if variable is None else reference(variable.get("name"))
    declared = {part.get("expressionLanguage") for part in element.iter()} | {language}
    return Decision(
        id=id_,
        variable=name or reference(element.get("name")) or id_,
        logic=_logic(element),
        requires=tuple(_hrefs(element, "informationRequirement", "requiredDecision")),
        languages=tuple(sorted(name for name in declared if name)),
        knowledge=tuple(_hrefs(element, "knowledgeRequirement", "requiredKnowledge")),
        line=element.sourceline,
    )


def _logic(element: Element) -> Logic:
    logic = next((child for child in element if local_name(child) not in _BESIDE), None)
    if logic is None:
        return OtherLogic(None)
    match local_name(logic):
        case "decisionTable":
            return _table(logic)
        case "literalExpression":
            return LiteralExpression(_text(logic, "text"), logic.sourceline)
        case other:
            return OtherLogic(other)


def _table(element: Element) -> DecisionTable:
    return DecisionTable(
        inputs=tuple(_input(clause) for clause in _children(element, "input")),
        outputs=tuple(
            Output(
                reference(clause.get("name")),
                _clause(clause, "outputValues"),
                _clause(clause, "defaultOutputEntry"),
                clause.sourceline,
            )
            for clause in _children(element, "output")
        ),
        rules=tuple(
            DecisionRule(
                tuple(_text(entry, "text") for entry in _children(rule, "inputEntry")),
                tuple(_text(entry, "text") for entry in _children(rule, "outputEntry")),
                rule.sourceline,
            )
            for rule in _children(element, "rule")
        ),
        hit_policy=reference(element.get("hitPolicy")) or "UNIQUE",
        aggregation=reference(element.get("aggregation")),
    )


def _input(clause: Element) -> Input:
    return Input(_clause(clause, "inputExpression") or "", clause.sourceline)


def _clause(element: Element, local: str) -> str | None:
    child = next(_children(element, local), None)
    return None if child is None else _text(child, "text") or None


def _text(element: Element, local: str) -> str:
    return text_of(next(_children(element, local), None)) or ""


def _hrefs(element: Element, requirement: str, local: str) -> Iterator[str]:
    for required in _children(element, requirement):
        for child in _children(required, local):
            yield (child.get("href") or "").rpartition("#")[2]


def _children(element: Element, local: str) -> Iterator[Element]:
    return element.iterchildren(f"{{*}}{local}")
