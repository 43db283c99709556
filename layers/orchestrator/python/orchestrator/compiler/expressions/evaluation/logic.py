"""Connectives with three values: what is neither true nor false counts as null."""

from collections.abc import Iterable
from functools import reduce

from orchestrator.compiler.expressions.evaluation.values import Value


def both(left: Value, right: Value) -> bool | None:
    """Conjunction."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def either(left: Value, right: Value) -> bool | None:
    """Disjunction."""
    if left is True or right is True:
        return True
    return False if left is False and right is False else None


def opposite(value: Value) -> bool | None:
    """Negation."""
    return not value if isinstance(value, bool) else None


def all_of(values: Iterable[Value]) -> bool | None:
    """Conjunction of any number of values."""
    return reduce(both, values, True)


def any_of(values: Iterable[Value]) -> bool | None:
    """Disjunction of any number of values."""
    return reduce(either, values, False)
