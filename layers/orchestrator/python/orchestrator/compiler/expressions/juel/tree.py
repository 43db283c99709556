"""From the rules of the JUEL grammar to nodes: EL's implicit conversions become nodes of their own."""

# ruff: noqa: D102 -- the grammar says what each of its alternatives is

import re

from lark import Token

from orchestrator.compiler.expressions import ast
from orchestrator.compiler.expressions.ast import ArithmeticOperator, ComparisonOperator, Expression, Literal
from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.errors import unsupported
from orchestrator.compiler.expressions.juel.comparisons import compared, term, truth
from orchestrator.compiler.expressions.juel.functions import variable_function
from orchestrator.compiler.expressions.juel.methods import method
from orchestrator.compiler.expressions.juel.times import CLOCKS, NOW
from orchestrator.compiler.expressions.literals import number_of

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_OPERATORS = {"==": "=", "eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
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

    def prefixed(self, name: Token, *arguments: Expression) -> Expression:
        return variable_function(str(name.value).partition(":")[2], arguments, name.start_pos or 0)

    def function(self, name: Token, *arguments: Expression) -> Expression:
        if name.value in CLOCKS and not arguments:
            return NOW
        raise unsupported(f"there is no function {name.value}() in JUEL", name.start_pos)

    def negative(self, operand: Expression) -> Expression:
        if isinstance(operand, Literal) and isinstance(operand.value, int | float):
            return Literal(-operand.value)
        return ast.Negation(term(operand))

    def negated(self, operand: Expression) -> Expression:
        return ast.Not(truth(operand))

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
        return compared(chosen, left, right)

    def conjoined(self, left: Expression, right: Expression) -> Expression:
        return ast.And(truth(left), truth(right))

    def disjoined(self, left: Expression, right: Expression) -> Expression:
        return ast.Or(truth(left), truth(right))

    def conditional(self, condition: Expression, consequent: Expression, alternative: Expression) -> Expression:
        return ast.Conditional(truth(condition), consequent, alternative)


def _arithmetic(operator: ArithmeticOperator, left: Expression, right: Expression) -> Expression:
    return ast.Arithmetic(operator, term(left), term(right))
