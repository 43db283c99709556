"""Decisions as written: texts and structure, nothing judged yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Input:
    """One input clause of a decision table: an expression that the cells below it test (DMN 1.5, 8.3.3)."""

    expression: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """One output clause: `values` are its allowed values, by falling priority; `default` is for no match."""

    name: str | None
    values: str | None = None
    default: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """One row: a test per input, an expression per output."""

    tests: tuple[str, ...]
    entries: tuple[str, ...]
    line: int | None = None


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A decision table; `hit_policy` and `aggregation` are the file's words."""

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[DecisionRule, ...]
    hit_policy: str = "UNIQUE"
    aggregation: str | None = None


@dataclass(frozen=True, slots=True)
class LiteralExpression:
    """A decision that is one expression."""

    text: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class OtherLogic:
    """What decides otherwise, by the name of its element, or None where nothing does."""

    name: str | None


Logic: TypeAlias = DecisionTable | LiteralExpression | OtherLogic


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: `variable` is the name of its result, `requires` the ids of the decisions that it reads."""

    id: str
    variable: str
    logic: Logic
    requires: tuple[str, ...] = ()
    #: languages that its expressions declare
    languages: tuple[str, ...] = ()
    #: knowledge models that it invokes
    knowledge: tuple[str, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class DecisionModel:
    """A decision and all that it requires, required ones first; `problem` says why there is no such order."""

    decision: Decision
    required: tuple[Decision, ...] = ()
    problem: str | None = None


def required_by(decision: Decision, decisions: Mapping[str, Decision]) -> DecisionModel:
    """Gather what a decision requires, directly and indirectly (DMN 1.5, 6.2.2)."""
    ordered: dict[str, Decision] = {}
    open_: list[str] = []

    def visit(one: Decision) -> str | None:
        if one.id in open_:
            return f"it requires itself, by way of {', '.join(repr(id_) for id_ in open_)}"
        open_.append(one.id)
        for id_ in one.requires:
            if id_ not in decisions:
                return f"'{one.id}' requires the decision '{id_}', which the file does not contain"
            problem = None if id_ in ordered else visit(decisions[id_])
            if problem is not None:
                return problem
        open_.pop()
        ordered[one.id] = one
        return None

    problem = visit(decision)
    return DecisionModel(decision, tuple(one for one in ordered.values() if one is not decision), problem)
