"""From the rules of the JUEL grammar to nodes: EL's implicit conversions become nodes of their own."""

# ruff: noqa: D102 -- the grammar says what each of its alternatives is

import re

from lark import Token

from orchestrator.compiler.expressions import ast
from orchestrator.compiler.expressions.ast import (
    ArithmeticOperator,
    Coercion,
    Comparison,
    ComparisonOperator,
    Expression,
    Literal,
    LooseComparison,
    Target,
)
from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.errors import unsupported
from orchestrator.compiler.expressions.juel.methods import method
from orchestrator.compiler.expressions.literals import number_of

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_OPERATORS = {"==": "=", "eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_CONVERTIBLE = re.compile(r"\s*-?[\d.]+(?:[eE][+-]?\d+)?\s*|true|false|", re.IGNORECASE)
_ENGINE_OBJECTS = frozenset({"execution", "task", "caseExecution", "authenticatedUserId"})


class JuelTree:
    """Builds nodes bottom-up; one method per alternative of the grammar."""

    def number(self, token: Token) -> Expression:
        return Literal(number_of(token.value, token.start_pos))

    def string(self, token: Token) -> Expression:
        return Literal(_ESCAPE.sub(r"\1", token.value[1:-1]))

    def true(self) -> Expression:
        return Literal(value=True)

    def false(self) -> Expression:
        return Literal(value=False)

    def null(self) -> Expression:
        return ast.NULL

    def variable(self, name: Token) -> Expression:
        return ast.Variable(str(name.value))

    def grouped(self, inner: Expression) -> Expression:
        return inner

    def property(self, subject: Expression, name: Token) -> Expression:
        if isinstance(subject, ast.Variable) and subject.name in _ENGINE_OBJECTS:
            raise unsupported(f"{subject.name}.{name.value} belongs to another engine's API", name.start_pos)
        return ast.Property(subject, str(name.value))

    def element(self, subject: Expression, key: Expression) -> Expression:
        if isinstance(key, Literal) and isinstance(key.value, str):
            return ast.Property(subject, key.value)
        return ast.Element(subject, key)

    def method(self, subject: Expression, name: Token, *arguments: Expression) -> Expression:
        return method(subject, str(name.value), arguments, name.start_pos or 0)

    def function(self, name: Token, *_arguments: Expression) -> Expression:
        raise unsupported(f"there is no function {name.value}() in JUEL", name.start_pos)

    def negative(self, operand: Expression) -> Expression:
        if isinstance(operand, Literal) and isinstance(operand.value, int | float):
            return Literal(-operand.value)
        return ast.Negation(_term(operand))

    def negated(self, operand: Expression) -> Expression:
        return ast.Not(_truth(operand))

    def empty(self, operand: Expression) -> Expression:
        return ast.Call(Builtin.EMPTY, (operand,))

    def added(self, left: Expression, right: Expression) -> Expression:
        return _arithmetic(ArithmeticOperator.ADD, left, right)

    def subtracted(self, left: Expression, right: Expression) -> Expression:
        return _arithmetic(ArithmeticOperator.SUBTRACT, left, right)

    def multiplied(self, left: Expression, right: Expression) -> Expression:
        return _arithmetic(ArithmeticOperator.MULTIPLY, left, right)

    def divided(self, left: Expression, right: Expression) -> Expression:
        return _arithmetic(ArithmeticOperator.DIVIDE, left, right)

    def remainder(self, left: Expression, right: Expression) -> Expression:
        return _arithmetic(ArithmeticOperator.REMAINDER, left, right)

    def compared(self, left: Expression, operator: Token, right: Expression) -> Expression:
        chosen = ComparisonOperator(_OPERATORS.get(operator.value, operator.value))
        if chosen is ComparisonOperator.EQUAL:
            return _equal(left, right)
        if chosen is ComparisonOperator.UNEQUAL:
            return ast.Not(_truth(_equal(left, right)))
        return _ordered(chosen, left, right)

    def conjoined(self, left: Expression, right: Expression) -> Expression:
        return ast.And(_truth(left), _truth(right))

    def disjoined(self, left: Expression, right: Expression) -> Expression:
        return ast.Or(_truth(left), _truth(right))

    def conditional(self, condition: Expression, consequent: Expression, alternative: Expression) -> Expression:
        return ast.Conditional(_truth(condition), consequent, alternative)


def _truth(node: Expression) -> Expression:
    return Coercion(Target.TRUTH, node)


def _term(node: Expression) -> Expression:
    return node if _is_number(node) else Coercion(Target.TERM, node)


def _number(node: Expression) -> Expression:
    return node if isinstance(node, Literal) else Coercion(Target.NUMBER, node)


def _is_number(node: Expression) -> bool:
    match node:
        case Literal(value):
            return isinstance(value, int | float) and not isinstance(value, bool)
        case _:
            return isinstance(node, ast.Arithmetic | ast.Negation) or node == ast.Call(
                Builtin.SIZE, _arguments_of(node)
            )


def _arguments_of(node: Expression) -> tuple[Expression, ...]:
    return node.arguments if isinstance(node, ast.Call) else ()


def _arithmetic(operator: ArithmeticOperator, left: Expression, right: Expression) -> Expression:
    return ast.Arithmetic(operator, _term(left), _term(right))


def _equal(left: Expression, right: Expression) -> Expression:
    """EL's equality (JSR 341, 1.9.2), resolved as far as the operands are known."""
    if isinstance(left, Literal):
        left, right = right, left
    if _is_number(left) or _is_number(right):
        return Comparison(ComparisonOperator.EQUAL, _number(left), _number(right))
    match right:
        case Literal(None):
            return Comparison(ComparisonOperator.EQUAL, left, right)
        case Literal(True):
            return _truth(left)
        case Literal(False):
            return ast.And(Comparison(ComparisonOperator.UNEQUAL, left, ast.NULL), ast.Not(_truth(left)))
        case Literal(str() as text) if not _CONVERTIBLE.fullmatch(text):
            return Comparison(ComparisonOperator.EQUAL, left, right)
        case _:
            return LooseComparison(ComparisonOperator.EQUAL, left, right)


def _ordered(operator: ComparisonOperator, left: Expression, right: Expression) -> Expression:
    if _is_number(left) or _is_number(right):
        return Comparison(operator, _number(left), _number(right))
    return LooseComparison(operator, left, right)
