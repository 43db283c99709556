"""Functions by which engines test variables without failing on those that have no value.

${variables:greaterThan(amount, 100)}           Flowable, also vars: and var:
return KieFunctions.greaterThan(amount, "100")  jBPM
"""

import re
from collections.abc import Callable
from functools import reduce

from orchestrator.compiler.expressions.ast import (
    NULL,
    And,
    Call,
    Comparison,
    ComparisonOperator,
    Conditional,
    Expression,
    Literal,
    Not,
    Or,
    Variable,
)
from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.errors import unsupported
from orchestrator.compiler.expressions.juel.comparisons import compared, numeric, truth
from orchestrator.compiler.expressions.juel.methods import contains
from orchestrator.compiler.expressions.literals import number_of

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_ORDERS = {
    ComparisonOperator.LESS: ("lessThan", "lowerThan", "lt"),
    ComparisonOperator.LESS_OR_EQUAL: ("lessThanOrEquals", "lowerThanOrEquals", "lte", "lessOrEqualThan"),
    ComparisonOperator.GREATER: ("greaterThan", "gt"),
    ComparisonOperator.GREATER_OR_EQUAL: ("greaterThanOrEquals", "gte", "greaterOrEqualThan"),
}
_OPERATORS = {word: operator for operator, words in _ORDERS.items() for word in words}


def _not_empty(node: Expression) -> Expression:
    return Not(_empty(node))


def _is_null(node: Expression) -> Expression:
    return Comparison(ComparisonOperator.EQUAL, node, NULL)


def _exists(node: Expression) -> Expression:
    return Not(_is_null(node))


def _empty(node: Expression) -> Expression:
    return Call(Builtin.EMPTY, (node,))


def _itself(node: Expression) -> Expression:
    return node


def _is_false(node: Expression) -> Expression:
    return Comparison(ComparisonOperator.EQUAL, node, Literal(value=False))


def _equal(left: Expression, right: Expression) -> Expression:
    return truth(compared(ComparisonOperator.EQUAL, left, right))


def _unequal(left: Expression, right: Expression) -> Expression:
    return Not(_equal(left, right))


def _or_else(node: Expression, default: Expression) -> Expression:
    return Conditional(_is_null(node), default, node)


def _begins(text: Expression, start: Expression) -> Expression:
    return truth(Call(Builtin.STARTS_WITH, (text, start)))


def _ends(text: Expression, end: Expression) -> Expression:
    return truth(Call(Builtin.ENDS_WITH, (text, end)))


_One = Callable[[Expression], Expression]
_Two = Callable[[Expression, Expression], Expression]
_OF_VARIABLE: dict[str, _One] = {
    "get": _itself,
    "exists": _exists,
    "isEmpty": _empty,
    "empty": _empty,
    "isNotEmpty": _not_empty,
    "notEmpty": _not_empty,
}
_WITH_VARIABLE: dict[str, _Two] = {
    "getOrDefault": _or_else,
    "equals": _equal,
    "eq": _equal,
    "notEquals": _unequal,
    "ne": _unequal,
}
_KIE_ONE: dict[str, _One] = {"isNull": _is_null, "isEmpty": _empty, "isTrue": truth, "isFalse": _is_false}
_KIE_TWO: dict[str, _Two] = {"equalsTo": _equal, "contains": contains, "startsWith": _begins, "endsWith": _ends}


def variable_function(word: str, arguments: tuple[Expression, ...], position: int) -> Expression:
    """Translate Flowable's `variables:word(arguments)`, whose first argument names a variable, quoted or not.

    Raises RefusedError for functions that do not exist.
    """
    match arguments:
        case (Literal(str() as name), *others):
            return variable_function(word, (Variable(name), *others), position)
        case (node,) if word in _OF_VARIABLE:
            return _OF_VARIABLE[word](node)
        case (left, right) if word in _OPERATORS:
            return truth(compared(_OPERATORS[word], left, right))
        case (left, right) if word in _WITH_VARIABLE:
            return _WITH_VARIABLE[word](left, right)
        case (node, _, *_) if word == "contains":
            return reduce(And, (contains(node, wanted) for wanted in arguments[1:]))
        case (node, _, *_) if word == "containsAny":
            return reduce(Or, (contains(node, wanted) for wanted in arguments[1:]))
        case _:
            raise unsupported(f"there is no function variables:{word} of {len(arguments)} arguments", position)


def kie_function(word: str, arguments: tuple[Expression, ...], position: int) -> Expression:
    """Translate jBPM's `KieFunctions.word(arguments)`; raises RefusedError for functions that do not exist."""
    match arguments:
        case (node,) if word in _KIE_ONE:
            return _KIE_ONE[word](node)
        case (left, right) if word in _OPERATORS:
            return _ordered(_OPERATORS[word], left, right)
        case (left, right) if word in _KIE_TWO:
            return _KIE_TWO[word](left, right)
        case (node, low, high) if word == "between":
            least = _ordered(ComparisonOperator.GREATER_OR_EQUAL, node, low)
            return And(least, _ordered(ComparisonOperator.LESS_OR_EQUAL, node, high))
        case _:
            raise unsupported(f"there is no function KieFunctions.{word} of {len(arguments)} arguments", position)


def _ordered(operator: ComparisonOperator, left: Expression, right: Expression) -> Expression:
    return truth(Comparison(operator, _number(left), _number(right)))


def _number(node: Expression) -> Expression:
    """Numbers are written as texts there: `greaterThan(amount, "100")`."""
    if isinstance(node, Literal) and isinstance(node.value, str) and _NUMBER.fullmatch(node.value):
        return Literal(number_of(node.value))
    return numeric(node)
