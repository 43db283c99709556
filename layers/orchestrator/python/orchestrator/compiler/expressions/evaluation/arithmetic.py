"""Arithmetic on numbers, texts and temporal values (DMN 1.5, tables 57 to 61): null where it is not defined."""

import math
from collections.abc import Callable

from orchestrator.compiler.expressions.ast import ArithmeticOperator
from orchestrator.compiler.expressions.evaluation.values import (
    Value,
    is_integer,
    is_length,
    is_number,
    is_point,
    kind,
    number,
    ordinals,
)
from orchestrator.compiler.expressions.temporal import MILLIS_PER_DAY, Temporal, TemporalKind, add_months

_LARGEST_COUNT = 9e15
_LEAST_BASE = 1e-300  # the inverse of less is no double


def length(wanted: TemporalKind, count: float) -> Temporal | None:
    """A duration of a count cut to an integer; None where doubles have no such integer."""
    return Temporal(wanted, math.trunc(count)) if abs(count) < _LARGEST_COUNT else None


def moved(point: Temporal, duration: Temporal, direction: int) -> Temporal | None:
    """Move a point in time by a duration, forwards at 1, backwards at -1."""
    count = duration.count * direction
    by_months = duration.kind is TemporalKind.MONTHS
    match point.kind:
        case TemporalKind.DATE if by_months:
            return Temporal(point.kind, add_months(point.count, count))
        case TemporalKind.DATE:
            return Temporal(point.kind, (point.count * MILLIS_PER_DAY + count) // MILLIS_PER_DAY)
        case TemporalKind.DATE_TIME:
            days, rest = divmod(point.count, MILLIS_PER_DAY)
            total = add_months(days, count) * MILLIS_PER_DAY + rest if by_months else point.count + count
            return Temporal(point.kind, total, point.offset)
        case _:
            return None if by_months else Temporal(point.kind, (point.count + count) % MILLIS_PER_DAY, point.offset)


def add(left: Value, right: Value) -> Value:
    """Add; texts are joined."""
    if is_number(left) and is_number(right):
        return number(float(left) + float(right))
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if is_point(left) and is_length(right):
        return moved(left, right, 1)
    if is_length(left) and is_point(right):
        return moved(right, left, 1)
    return length(left.kind, left.count + right.count) if is_length(left) and kind(left) == kind(right) else None


def subtract(left: Value, right: Value) -> Value:
    """Subtract; two points in time yield a duration."""
    if is_number(left) and is_number(right):
        return number(float(left) - float(right))
    if is_point(left) and is_length(right):
        return moved(left, right, -1)
    if is_point(left) and (pair := ordinals(left, right)) is not None:
        unit = MILLIS_PER_DAY if left.kind is TemporalKind.DATE else 1
        return Temporal(TemporalKind.DURATION, (pair[0] - pair[1]) * unit)
    return length(left.kind, left.count - right.count) if is_length(left) and kind(left) == kind(right) else None


def multiply(left: Value, right: Value) -> Value:
    """Multiply numbers, or a duration by a number."""
    if is_number(left) and is_number(right):
        return number(float(left) * float(right))
    if is_length(left) and is_number(right):
        return length(left.kind, left.count * float(right))
    return length(right.kind, float(left) * right.count) if is_number(left) and is_length(right) else None


def divide(left: Value, right: Value) -> Value:
    """Divide numbers, a duration by a number, or durations of one kind."""
    if is_length(left) and is_length(right):
        return number(left.count / right.count) if left.kind is right.kind and right.count != 0 else None
    if not is_number(right) or right == 0:
        return None
    if is_number(left):
        return number(float(left) / float(right))
    return length(left.kind, left.count / float(right)) if is_length(left) else None


def remainder(left: Value, right: Value) -> Value:
    """Java's remainder, which has the sign of the dividend."""
    if not is_number(left) or not is_number(right) or right == 0:
        return None
    return number(math.fmod(left, right))


def power(left: Value, right: Value) -> Value:
    """Raise to a power; null where the result is no number or too large."""
    if not is_number(left) or not is_number(right):
        return None
    if (left == 0 and right < 0) or (left < 0 and not is_integer(right)):
        return None
    if left == 0 or right == 0:
        return int(right == 0)
    if right < 0 and abs(left) < _LEAST_BASE:
        return None
    base = abs(left) if right > 0 else 1 / abs(float(left))
    return number(float(left) ** float(right)) if base <= 1e308 ** (1 / max(abs(right), 1)) else None


def negate(value: Value) -> Value:
    """Change the sign of a number or a duration."""
    if is_number(value):
        return -value
    return Temporal(value.kind, -value.count) if is_length(value) else None


OPERATIONS: dict[ArithmeticOperator, Callable[[Value, Value], Value]] = {
    ArithmeticOperator.ADD: add,
    ArithmeticOperator.SUBTRACT: subtract,
    ArithmeticOperator.MULTIPLY: multiply,
    ArithmeticOperator.DIVIDE: divide,
    ArithmeticOperator.POWER: power,
    ArithmeticOperator.REMAINDER: remainder,
}
