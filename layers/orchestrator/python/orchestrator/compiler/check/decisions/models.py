"""A decision with all that it requires as one expression, and the result in the form that a task asks for."""

from functools import lru_cache

from orchestrator.compiler.bpmn.decisions.model import (
    Decision,
    DecisionModel,
    DecisionTable,
    LiteralExpression,
    OtherLogic,
)
from orchestrator.compiler.check.decisions.refusal import DecisionError, feel
from orchestrator.compiler.check.decisions.tables import is_list, table_value
from orchestrator.compiler.expressions import Expression
from orchestrator.compiler.expressions.ast import (
    NULL,
    Call,
    Comparison,
    ComparisonOperator,
    Conditional,
    ContextLiteral,
    Filter,
    ListLiteral,
    Literal,
    Property,
    Variable,
)
from orchestrator.compiler.expressions.builtin import Builtin

_ROWS = {"singleResult": True, "resultList": True, "singleEntry": False, "collectEntries": False}
_LISTS = frozenset({"resultList", "collectEntries"})
_RESULT = Variable("?decided")


@lru_cache(maxsize=1024)  # asked by several passes
def decision_value(model: DecisionModel, shape: str | None = None) -> Expression | DecisionError:
    """Return what a decision yields for the variables of a process, or why it cannot be evaluated.

    Required decisions are evaluated once, before those that read their results by name (DMN 1.5, 10.4). `shape` is
    Camunda's `mapDecisionResult`; without one the result is as DMN has it.
    """
    try:
        return _value(model, shape)
    except DecisionError as refusal:
        return refusal


def _value(model: DecisionModel, shape: str | None) -> Expression:
    if model.problem is not None:
        raise DecisionError(model.problem)
    decision = model.decision
    bound = [(one.variable, _logic(one, rows=False)) for one in model.required]
    bound.append((_RESULT.name, _logic(decision, rows=shape is not None and _rows(decision, shape))))
    shaped = _RESULT if shape is None else _shaped(decision, as_list=shape in _LISTS)
    return Property(ContextLiteral((*bound, ("?result", shaped))), "?result")


def _rows(decision: Decision, shape: str) -> bool:
    if shape not in _ROWS:
        raise DecisionError(f"'{shape}' is no mapping of decision results; there are {', '.join(_ROWS)}")
    several = isinstance(decision.logic, DecisionTable) and len(decision.logic.outputs) > 1
    if several and not _ROWS[shape]:
        raise DecisionError(f"the mapping {shape} needs a decision with one output")
    return _ROWS[shape]


def _shaped(decision: Decision, *, as_list: bool) -> Expression:
    listed = isinstance(decision.logic, DecisionTable) and is_list(decision.logic)
    if listed == as_list:
        return _RESULT
    if listed:
        one = Comparison(ComparisonOperator.EQUAL, Call(Builtin.COUNT, (_RESULT,)), Literal(1))
        return Conditional(one, Filter(_RESULT, Literal(1)), NULL)
    missing = Comparison(ComparisonOperator.EQUAL, _RESULT, NULL)
    return Conditional(missing, ListLiteral(()), ListLiteral((_RESULT,)))


def _logic(decision: Decision, *, rows: bool) -> Expression:
    foreign = [name for name in decision.languages if "feel" not in name.lower()]
    if foreign:
        raise DecisionError(f"'{decision.id}' is written in {', '.join(foreign)}; only FEEL can be evaluated")
    if decision.knowledge:
        raise DecisionError(f"'{decision.id}' invokes business knowledge models, which cannot be evaluated")
    match decision.logic:
        case DecisionTable() as table:
            return _named(table, decision, rows=rows)
        case LiteralExpression(text, line):
            value = feel(text, line)
            return ContextLiteral(((decision.variable, value),)) if rows else value
        case OtherLogic(None):
            raise DecisionError(f"'{decision.id}' says nothing about how it is made", decision.line)
        case OtherLogic(name):
            reason = f"'{decision.id}' is a boxed {name}; tables and literal expressions can be evaluated"
            raise DecisionError(reason, decision.line)


def _named(table: DecisionTable, decision: Decision, *, rows: bool) -> Expression:
    try:
        return table_value(table, decision.variable, rows=rows)
    except DecisionError as refusal:
        raise DecisionError(f"'{decision.id}': {refusal}") from refusal
