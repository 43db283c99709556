"""Numeric functions (DMN 1.5, 10.3.4.5)."""

import math
from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.evaluation.arithmetic import divide, multiply, power, subtract
from orchestrator.compiler.expressions.evaluation.values import Value, is_integer, is_length, is_number, number
from orchestrator.compiler.expressions.temporal import Temporal

_E = 2.718281828459045
_LARGEST_SCALE = 20
_LARGEST_COUNT = 1e15


def _rounded(mode: str) -> Callable[..., Value]:
    """Round to a count of decimals in decimal arithmetic; from 10^15 units on there is nothing to round."""

    def applied(value: Value, scale: Value = 0) -> Value:
        if not is_number(value) or not is_integer(scale) or abs(scale) > _LARGEST_SCALE:
            return None
        if abs(value * 10.0**scale) >= _LARGEST_COUNT:
            return value
        exact = Decimal(f"{float(value):.14e}")
        return number(float(exact.quantize(Decimal(1).scaleb(-int(scale)), rounding=mode)))

    return applied


def _modulo(dividend: Value, divisor: Value) -> Value:
    quotient = divide(dividend, divisor)
    return subtract(dividend, multiply(divisor, math.floor(quotient))) if is_number(quotient) else None


def _abs(value: Value) -> Value:
    if is_length(value):
        return Temporal(value.kind, abs(value.count))
    return abs(value) if is_number(value) else None


def _sqrt(value: Value) -> Value:
    return number(math.sqrt(value)) if is_number(value) and value >= 0 else None


def _exp(value: Value) -> Value:
    return power(_E, value)


def _odd(value: Value) -> Value:
    return is_integer(value) and value % 2 != 0 if is_number(value) else None


def _even(value: Value) -> Value:
    return value % 2 == 0 if is_number(value) else None


NUMBERS: dict[Builtin, Callable[..., Value]] = {
    Builtin.DECIMAL: _rounded(ROUND_HALF_EVEN),
    Builtin.FLOOR: _rounded(ROUND_FLOOR),
    Builtin.CEILING: _rounded(ROUND_CEILING),
    Builtin.ROUND_UP: _rounded(ROUND_UP),
    Builtin.ROUND_DOWN: _rounded(ROUND_DOWN),
    Builtin.ROUND_HALF_UP: _rounded(ROUND_HALF_UP),
    Builtin.ROUND_HALF_DOWN: _rounded(ROUND_HALF_DOWN),
    Builtin.ABS: _abs,
    Builtin.MODULO: _modulo,
    Builtin.SQRT: _sqrt,
    Builtin.EXP: _exp,
    Builtin.ODD: _odd,
    Builtin.EVEN: _even,
}
