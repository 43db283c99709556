"""EL's implicit conversions (JSR 341, 1.6, 1.8 and 1.23), resolved as far as the operands are known."""

import re

from orchestrator.compiler.expressions.ast import (
    NULL,
    And,
    Arithmetic,
    Call,
    Coercion,
    Comparison,
    ComparisonOperator,
    Expression,
    Literal,
    LooseComparison,
    Negation,
    Not,
    Target,
)
from orchestrator.compiler.expressions.builtin import Builtin

_CONVERTIBLE = re.compile(r"\s*-?[\d.]+(?:[eE][+-]?\d+)?\s*|true|false|", re.IGNORECASE)


def truth(node: Expression) -> Expression:
    """Convert to a boolean."""
    return Coercion(Target.TRUTH, node)


def term(node: Expression) -> Expression:
    """Convert to an operand of arithmetic."""
    return node if _is_number(node) else Coercion(Target.TERM, node)


def numeric(node: Expression) -> Expression:
    """Convert to a number, also numeric text."""
    return node if _is_number(node) else Coercion(Target.NUMBER, node)


def compared(operator: ComparisonOperator, left: Expression, right: Expression) -> Expression:
    """Build a comparison by EL's rules."""
    if operator is ComparisonOperator.EQUAL:
        return equal(left, right)
    if operator is ComparisonOperator.UNEQUAL:
        return Not(truth(equal(left, right)))
    return _ordered(operator, left, right)


def _number(node: Expression) -> Expression:
    return node if isinstance(node, Literal) else Coercion(Target.NUMBER, node)


def _is_number(node: Expression) -> bool:
    match node:
        case Literal(value):
            return isinstance(value, int | float) and not isinstance(value, bool)
        case Call(function, _):
            return function is Builtin.SIZE
        case _:
            return isinstance(node, Arithmetic | Negation)


def equal(left: Expression, right: Expression) -> Expression:
    """EL's equality (JSR 341, 1.9.2), resolved as far as the operands are known."""
    if isinstance(left, Literal):
        left, right = right, left
    if _is_number(left) or _is_number(right):
        return Comparison(ComparisonOperator.EQUAL, _number(left), _number(right))
    match right:
        case Literal(None):
            return Comparison(ComparisonOperator.EQUAL, left, right)
        case Literal(True):
            return truth(left)
        case Literal(False):
            return And(Comparison(ComparisonOperator.UNEQUAL, left, NULL), Not(truth(left)))
        case Literal(str() as text) if not _CONVERTIBLE.fullmatch(text):
            return Comparison(ComparisonOperator.EQUAL, left, right)
        case _:
            return LooseComparison(ComparisonOperator.EQUAL, left, right)


def _ordered(operator: ComparisonOperator, left: Expression, right: Expression) -> Expression:
    if _is_number(left) or _is_number(right):
        return Comparison(operator, _number(left), _number(right))
    return LooseComparison(operator, left, right)
