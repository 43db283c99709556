"""Evaluate a tree against process variables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from orchestrator.compiler.expressions import ast
from orchestrator.compiler.expressions.ast import Expression
from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.evaluation import logic
from orchestrator.compiler.expressions.evaluation.arithmetic import OPERATIONS, negate
from orchestrator.compiler.expressions.evaluation.builtins import FUNCTIONS
from orchestrator.compiler.expressions.evaluation.builtins.ranges import within
from orchestrator.compiler.expressions.evaluation.builtins.temporals import now as now_of
from orchestrator.compiler.expressions.evaluation.builtins.temporals import properties, today
from orchestrator.compiler.expressions.evaluation.conversions import compare_loosely, convert, element
from orchestrator.compiler.expressions.evaluation.loops import iterate, pick, quantify
from orchestrator.compiler.expressions.evaluation.types import is_instance
from orchestrator.compiler.expressions.evaluation.values import (
    Range,
    Value,
    at_most,
    equal,
    is_context,
    is_list,
    less,
    plain,
)
from orchestrator.compiler.expressions.temporal import Temporal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_COUNT = 100_000
_LOGICAL = ast.And | ast.Or | ast.Not | ast.Comparison | ast.Membership | ast.InstanceOf | ast.Quantified | ast.Coercion


def evaluate(expression: Expression, variables: Mapping[str, Any], *, now: datetime, input_value: object = None) -> Any:
    """Return the JSON value of an expression; what the emitted JSONata yields for the same variables.

    `now` is the clock of `now()` and `today()`, aware of its zone. `input_value` is what unary tests are about.
    """
    clock = (now - _EPOCH) // timedelta(milliseconds=1)
    return plain(_Evaluation(clock, ({"?": input_value}, variables)).value(expression))


@dataclass(frozen=True, slots=True)
class _Item:
    """The element that a filter looks at."""

    value: Value


@dataclass(frozen=True, slots=True)
class _Evaluation:
    """The clock, and what names stand for, innermost last; the process variables come first."""

    clock: int
    frames: tuple[Mapping[str, Value] | _Item, ...]

    def value(self, node: Expression) -> Value:
        """Return the value of a node."""
        return _RULES[type(node)](self, node)

    def bind(self, names: Mapping[str, Value]) -> "_Evaluation":
        """Return the evaluation inside of a construct that binds names."""
        return replace(self, frames=(*self.frames, names))

    def item(self, value: Value) -> "_Evaluation":
        """Return the evaluation inside of a filter."""
        return replace(self, frames=(*self.frames, _Item(value)))

    def resolve(self, name: str) -> Value:
        """Return what a name stands for; null where nothing is known of it."""
        for frame in reversed(self.frames):
            known = frame if not isinstance(frame, _Item) else _entries(frame.value)
            if isinstance(frame, _Item) and name == "item":
                return frame.value
            if name in known:
                return known[name]
        return None


def _entries(value: Value) -> Mapping[str, Value]:
    return value if is_context(value) else {}


def _property(within_: _Evaluation, node: ast.Property) -> Value:
    return _read(within_.value(node.subject), node.name)


def _read(subject: Value, name: str) -> Value:
    if is_list(subject):
        return [_read(item, name) for item in subject]
    match subject:
        case Temporal():
            return properties(subject).get(name)
        case Range(low, high, low_included, high_included):
            known = {"start": low, "end": high, "start included": low_included, "end included": high_included}
            return known.get(name)
        case _:
            return _entries(subject).get(name)


def _compare(within_: _Evaluation, node: ast.Comparison) -> Value:
    left, right = within_.value(node.left), within_.value(node.right)
    match node.operator:
        case ast.ComparisonOperator.EQUAL:
            return equal(left, right)
        case ast.ComparisonOperator.UNEQUAL:
            return logic.opposite(equal(left, right))
        case ast.ComparisonOperator.LESS:
            return less(left, right)
        case ast.ComparisonOperator.LESS_OR_EQUAL:
            return at_most(left, right)
        case ast.ComparisonOperator.GREATER:
            return less(right, left)
        case ast.ComparisonOperator.GREATER_OR_EQUAL:
            return at_most(right, left)


def _member(within_: _Evaluation, node: ast.Membership) -> Value:
    value, test = within_.value(node.value), within_.value(node.test)
    tests = test if is_list(test) else [test]
    return any((within(value, one) if isinstance(one, Range) else equal(value, one)) is True for one in tests)


def _choose(within_: _Evaluation, node: ast.Conditional) -> Value:
    return within_.value(node.consequent if within_.value(node.condition) is True else node.alternative)


def _context(within_: _Evaluation, node: ast.ContextLiteral) -> Value:
    built: dict[str, Value] = {}
    for key, value in node.entries:
        built[key] = within_.bind(built).value(value)
    return built


def _range(within_: _Evaluation, node: ast.RangeLiteral) -> Value:
    low = None if node.low is None else within_.value(node.low)
    high = None if node.high is None else within_.value(node.high)
    return Range(low, high, node.low_included, node.high_included)


def _call(within_: _Evaluation, node: ast.Call) -> Value:
    match node.function:
        case Builtin.NOW:
            return now_of(within_.clock)
        case Builtin.TODAY:
            return today(within_.clock)
        case function:
            return FUNCTIONS[function](*(within_.value(argument) for argument in node.arguments))


def _function(within_: _Evaluation, node: ast.FunctionLiteral) -> Value:
    def function(*arguments: Value) -> Value:
        return within_.bind(dict(zip(node.parameters, arguments, strict=True))).value(node.body)

    return function


def _literal(_: _Evaluation, node: ast.Literal | ast.TemporalLiteral) -> Value:
    return node.value


_RULES: dict[type, Callable[[_Evaluation, Any], Value]] = {
    ast.Literal: _literal,
    ast.TemporalLiteral: _literal,
    ast.Variable: lambda within_, node: within_.resolve(node.name),
    ast.Property: _property,
    ast.Element: lambda within_, node: element(within_.value(node.subject), within_.value(node.key)),
    ast.Filter: pick,
    ast.Negation: lambda within_, node: negate(within_.value(node.operand)),
    ast.Arithmetic: lambda within_, node: OPERATIONS[node.operator](
        within_.value(node.left), within_.value(node.right)
    ),
    ast.Comparison: _compare,
    ast.LooseComparison: lambda within_, node: compare_loosely(
        node.operator, within_.value(node.left), within_.value(node.right)
    ),
    ast.And: lambda within_, node: logic.both(within_.value(node.left), within_.value(node.right)),
    ast.Or: lambda within_, node: logic.either(within_.value(node.left), within_.value(node.right)),
    ast.Not: lambda within_, node: logic.opposite(within_.value(node.operand)),
    ast.Membership: _member,
    ast.Conditional: _choose,
    ast.For: iterate,
    ast.Quantified: quantify,
    ast.ListLiteral: lambda within_, node: [within_.value(item) for item in node.items],
    ast.ContextLiteral: _context,
    ast.RangeLiteral: _range,
    ast.InstanceOf: lambda within_, node: is_instance(within_.value(node.value), node.type),
    ast.Call: _call,
    ast.FunctionLiteral: _function,
    ast.Coercion: lambda within_, node: convert(node.target, within_.value(node.operand)),
}
