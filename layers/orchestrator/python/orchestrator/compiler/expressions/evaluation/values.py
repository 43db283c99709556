"""FEEL values in Python: kinds, equality, order, text."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias, TypeGuard

from orchestrator.compiler.expressions.literals import LARGEST_EXACT
from orchestrator.compiler.expressions.temporal import Temporal, TemporalKind, instant
from orchestrator.compiler.expressions.temporal_text import text_of

Value: TypeAlias = Any
"""None, bool, int, float, str, list, dict with text keys, Temporal or Range."""

POINTS = frozenset({TemporalKind.DATE, TemporalKind.TIME, TemporalKind.DATE_TIME})
LENGTHS = frozenset({TemporalKind.MONTHS, TemporalKind.DURATION})


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; an end that is None is open."""

    low: Value
    high: Value
    low_included: bool
    high_included: bool


def kind(value: Value) -> str:  # noqa: PLR0911 -- one per kind
    """Name the kind of a value: null, boolean, number, string, array, object, range, or a temporal kind."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case Temporal():
            return value.kind
        case Range():
            return "range"
        case _:
            return "array" if is_list(value) else "object"


def is_list(value: Value) -> TypeGuard[list[Value]]:
    """Tell whether a value is a list."""
    return isinstance(value, list | tuple)


def is_context(value: Value) -> TypeGuard[dict[str, Value]]:
    """Tell whether a value is a context."""
    return isinstance(value, dict)


def is_number(value: Value) -> TypeGuard[int | float]:
    """Tell whether a value is a number."""
    return kind(value) == "number"


def is_integer(value: Value) -> TypeGuard[int | float]:
    """Tell whether a value is a number without fraction."""
    return is_number(value) and float(value).is_integer()


def is_length(value: Value) -> TypeGuard[Temporal]:
    """Tell whether a value is a duration."""
    return isinstance(value, Temporal) and value.kind in LENGTHS


def is_point(value: Value) -> TypeGuard[Temporal]:
    """Tell whether a value is a date, a time or both."""
    return isinstance(value, Temporal) and value.kind in POINTS


def number(value: float) -> int | float | None:
    """Return a double as JSON number: an integer where it is one, None where it is infinite or no number."""
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 -- not-a-number differs from itself
        return None
    return int(value) if value.is_integer() and abs(value) <= LARGEST_EXACT else value


def as_list(value: Value) -> list[Value] | None:
    """Return a value as list: null has none, any other value is a list of itself."""
    if value is None:
        return None
    return list(value) if is_list(value) else [value]


def same(left: Value, right: Value) -> bool:
    """Tell whether two values are equal in kind and content, all the way down."""
    if kind(left) != kind(right):
        return False
    if kind(left) == "array":
        return len(left) == len(right) and all(map(same, left, right))
    if kind(left) == "object":
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return bool(left == right)


def equal(left: Value, right: Value) -> bool | None:
    """FEEL's equality (DMN 1.5, table 53): null where the kinds differ."""
    if left is None or right is None:
        return left is right
    pair = ordinals(left, right)
    if pair is not None:
        return bool(pair[0] == pair[1])
    return None if kind(left) != kind(right) or is_point(left) else same(left, right)


def less(left: Value, right: Value) -> bool | None:
    """FEEL's order (DMN 1.5, table 54): null for values without order among them."""
    pair = ordinals(left, right)
    return None if pair is None else bool(pair[0] < pair[1])


def at_most(left: Value, right: Value) -> bool | None:
    """Less than or equal, as `less`."""
    pair = ordinals(left, right)
    return None if pair is None else bool(pair[0] <= pair[1])


def ordinals(left: Value, right: Value) -> tuple[Any, Any] | None:
    """Return keys that order two values of one kind; None where there is no order."""
    if kind(left) != kind(right):
        return None
    if isinstance(left, Temporal):
        return (instant(left), instant(right)) if (left.offset is None) == (right.offset is None) else None
    if isinstance(left, str):
        return left.encode("utf-16-be", "surrogatepass"), right.encode("utf-16-be", "surrogatepass")
    return (float(left), float(right)) if is_number(left) else None


def number_text(value: float) -> str:
    """Write a number with at most 15 digits, as JSONata does."""
    rounded = float(f"{float(value):.14e}")
    if rounded == 0:
        return "0"
    exact = Decimal(repr(rounded)).normalize()
    exponent = exact.adjusted()
    if -7 < exponent < 21:  # noqa: PLR2004 -- where JavaScript turns to exponents
        return f"{exact:f}"
    digits = "".join(str(digit) for digit in exact.as_tuple().digits)
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{'-' if rounded < 0 else ''}{mantissa}e{exponent:+d}"


def written(value: Value) -> str:
    """Write a value as FEEL does: texts in quotes, entries by their bare names."""
    match kind(value):
        case "array":
            return f"[{', '.join(map(written, value))}]"
        case "object":
            return f"{{{', '.join(f'{key}: {written(entry)}' for key, entry in value.items())}}}"
        case "string":
            return f'"{value}"'
        case "number":
            return number_text(value)
        case "null" | "boolean":
            return {None: "null", True: "true", False: "false"}[value]
        case _:
            return str(plain(value))


def plain(value: Value) -> Any:
    """Return a value as JSON: temporal values and ranges become text."""
    if isinstance(value, Temporal):
        return text_of(value)
    if isinstance(value, Range):
        low, high = ("" if end is None else written(end) for end in (value.low, value.high))
        return f"{'[' if value.low_included else '('}{low}..{high}{']' if value.high_included else ')'}"
    if is_list(value):
        return [plain(item) for item in value]
    return {key: plain(entry) for key, entry in value.items()} if is_context(value) else value
