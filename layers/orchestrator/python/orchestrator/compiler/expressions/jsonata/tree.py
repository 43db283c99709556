"""From the rules of the JSONata grammar to nodes.

Where JSONata would fail (`"a" + 1`, `null < 2`) the value is null, and so it is where JSONata yields nothing: that is
what makes the text total. So a missing variable is null here, also for `=`, `!=` and `$exists`. A path over a list
yields the list of the elements' values, also where it has one element.
"""

# ruff: noqa: D102 -- the grammar says what each of its alternatives is

import re
from collections.abc import Callable
from functools import partial

from lark import Token

from orchestrator.compiler.expressions import ast
from orchestrator.compiler.expressions.ast import (
    Arithmetic,
    ArithmeticOperator,
    Coercion,
    Comparison,
    ComparisonOperator,
    Expression,
    Literal,
    Target,
)
from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.errors import unsupported
from orchestrator.compiler.expressions.literals import number_of, text_of
from orchestrator.compiler.expressions.traversal import walk

_FUNCTIONS = {
    "$max": (Builtin.MAX, 1),
    "$min": (Builtin.MIN, 1),
    "$average": (Builtin.MEAN, 1),
    "$length": (Builtin.STRING_LENGTH, 1),
    "$uppercase": (Builtin.UPPER_CASE, 1),
    "$lowercase": (Builtin.LOWER_CASE, 1),
    "$contains": (Builtin.CONTAINS, 2),
    "$number": (Builtin.NUMBER, 1),
    "$exists": (Builtin.IS_DEFINED, 1),
    "$abs": (Builtin.ABS, 1),
    "$floor": (Builtin.FLOOR, 1),
    "$ceil": (Builtin.CEILING, 1),
    "$sqrt": (Builtin.SQRT, 1),
    "$reverse": (Builtin.REVERSE, 1),
    "$distinct": (Builtin.DISTINCT_VALUES, 1),
}
_EMBEDDED = re.compile(r"\s*\{%(.*)%\}\s*", re.DOTALL)


def embedded(text: str) -> tuple[str, int]:
    """Return what stands between `{%` and `%}`, and where it starts; text without them is itself."""
    match = _EMBEDDED.fullmatch(text)
    return (match[1], match.start(1)) if match else (text, 0)


class JsonataTree:
    """Builds nodes bottom-up; one method per alternative of the grammar."""

    def number(self, token: Token) -> Expression:
        return Literal(number_of(token.value, token.start_pos))

    def string(self, token: Token) -> Expression:
        return Literal(text_of(token.value, token.start_pos))

    def true(self) -> Expression:
        return Literal(value=True)

    def false(self) -> Expression:
        return Literal(value=False)

    def null(self) -> Expression:
        return ast.NULL

    def name(self, token: Token) -> str:
        return str(token.value).strip("`")

    def variable(self, name: str) -> Expression:
        return ast.Variable(name)

    def everything(self) -> Expression:
        raise unsupported("$$ is the state of the machine, which conditions do not see; name the process variable")

    def assigned(self, token: Token) -> Expression:
        raise unsupported(f"there is no variable {token.value}; name the process variable", token.start_pos)

    def grouped(self, inner: Expression) -> Expression:
        return inner

    def list(self, *items: Expression) -> Expression:
        return ast.ListLiteral(items)

    def entry(self, key: Token, value: Expression) -> tuple[str, Expression]:
        return text_of(key.value, key.start_pos), value

    def context(self, *entries: tuple[str, Expression]) -> Expression:
        names = {name for name, _ in entries}
        if len(names) < len(entries):
            raise unsupported("the object has two entries of one name")
        if any(isinstance(node, ast.Variable) and node.name in names for _, value in entries for node in walk(value)):
            raise unsupported("an entry of the object reads a variable that has the name of another entry")
        return ast.ContextLiteral(entries)

    def property(self, subject: Expression, name: str) -> Expression:
        return ast.Property(subject, name)

    def element(self, subject: Expression, index: Token) -> Expression:
        return ast.Filter(subject, Literal(_index(index) + 1))

    def element_from_end(self, subject: Expression, index: Token) -> Expression:
        return ast.Filter(subject, Literal(-_index(index)))

    def negative(self, operand: Expression) -> Expression:
        return ast.Negation(operand)

    def added(self, left: Expression, right: Expression) -> Expression:
        return _arithmetic(ArithmeticOperator.SUBTRACT, left, ast.Negation(right))  # FEEL's + also joins texts

    def subtracted(self, left: Expression, right: Expression) -> Expression:
        return _arithmetic(ArithmeticOperator.SUBTRACT, left, right)

    def multiplied(self, left: Expression, right: Expression) -> Expression:
        return _arithmetic(ArithmeticOperator.MULTIPLY, left, right)

    def divided(self, left: Expression, right: Expression) -> Expression:
        return _arithmetic(ArithmeticOperator.DIVIDE, left, right)

    def remainder(self, left: Expression, right: Expression) -> Expression:
        return _arithmetic(ArithmeticOperator.REMAINDER, left, right)

    def concatenated(self, left: Expression, right: Expression) -> Expression:
        return Arithmetic(ArithmeticOperator.ADD, Coercion(Target.TEXT, left), Coercion(Target.TEXT, right))

    def compared(self, left: Expression, operator: Token, right: Expression) -> Expression:
        return Coercion(Target.TRUTH, Comparison(ComparisonOperator(operator.value), left, right))

    def contained(self, value: Expression, test: Expression) -> Expression:
        return ast.Membership(value, test)

    def conjoined(self, left: Expression, right: Expression) -> Expression:
        return ast.And(_truth(left), _truth(right))

    def disjoined(self, left: Expression, right: Expression) -> Expression:
        return ast.Or(_truth(left), _truth(right))

    def conditional(
        self, condition: Expression, consequent: Expression, alternative: Expression = ast.NULL
    ) -> Expression:
        return ast.Conditional(_truth(condition), consequent, alternative)

    def call(self, name: Token, *arguments: Expression) -> Expression:
        special = _SPECIAL.get((name.value, len(arguments)))
        if special is not None:
            return special(*arguments)
        function, arity = _FUNCTIONS.get(name.value, (None, 0))
        if function is None or len(arguments) != arity:
            known = ", ".join(sorted((*_FUNCTIONS, *(special for special, _ in _SPECIAL))))
            raise unsupported(f"{name.value} cannot be made safe here; available are {known}", name.start_pos)
        return ast.Call(function, arguments)


def _arithmetic(operator: ArithmeticOperator, left: Expression, right: Expression) -> Expression:
    return Arithmetic(operator, left, right)


def _truth(node: Expression) -> Expression:
    return Coercion(Target.JSONATA_TRUTH, node)


def _index(token: Token) -> int:
    number = number_of(token.value, token.start_pos)
    if not isinstance(number, int):
        raise unsupported("an index must be an integer", token.start_pos)
    return number


def _count(items: Expression) -> Expression:
    return ast.Call(Builtin.GET_OR_ELSE, (ast.Call(Builtin.COUNT, (items,)), Literal(0)))


def _sum(items: Expression) -> Expression:
    nothing = Comparison(ComparisonOperator.EQUAL, items, ast.ListLiteral(()))
    return ast.Conditional(nothing, Literal(0), ast.Call(Builtin.SUM, (items,)))


def _not(operand: Expression) -> Expression:
    return ast.Not(_truth(operand))


def _text(operand: Expression) -> Expression:
    return Coercion(Target.TEXT, operand)


def _substring(function: Builtin, text: Expression, part: Expression) -> Expression:
    found = ast.Call(Builtin.CONTAINS, (text, part))
    return ast.Conditional(found, ast.Call(function, (text, part)), text)


_SPECIAL: dict[tuple[str, int], Callable[..., Expression]] = {
    ("$not", 1): _not,
    ("$boolean", 1): _truth,
    ("$string", 1): _text,
    ("$count", 1): _count,
    ("$sum", 1): _sum,
    ("$substringBefore", 2): partial(_substring, Builtin.SUBSTRING_BEFORE),
    ("$substringAfter", 2): partial(_substring, Builtin.SUBSTRING_AFTER),
}
