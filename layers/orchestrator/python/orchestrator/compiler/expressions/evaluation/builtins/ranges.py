"""Range functions (DMN 1.5, 10.3.4.9): a point counts as the range of itself; ends decide."""

from collections.abc import Callable

from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.evaluation.logic import both, either, opposite
from orchestrator.compiler.expressions.evaluation.values import Range, Value, at_most, equal, kind, less, same

_Relation = Callable[[Range, Range], Value]


def within(value: Value, interval: Range) -> Value:
    """Tell whether a value lies in a range."""
    low = (at_most if interval.low_included else less)(interval.low, value) if interval.low is not None else True
    high = (at_most if interval.high_included else less)(value, interval.high) if interval.high is not None else True
    return both(low, high)


def _span(value: Value) -> Range:
    return value if isinstance(value, Range) else Range(value, value, low_included=True, high_included=True)


def _before(left: Value, right: Value) -> Value:
    first, second = _span(left), _span(right)
    touching = first.high_included and second.low_included
    return (less if touching else at_most)(first.high, second.low)


def _begins_first(left: Range, right: Range) -> Value:
    later = left.low_included and not right.low_included
    return either(less(left.low, right.low), both(equal(left.low, right.low), later))


def _begins_alike(left: Range, right: Range) -> Value:
    return both(equal(left.low, right.low), left.low_included == right.low_included)


def _ends_first(left: Range, right: Range) -> Value:
    sooner = right.high_included and not left.high_included
    return either(less(left.high, right.high), both(equal(left.high, right.high), sooner))


def _ends_alike(left: Range, right: Range) -> Value:
    return both(equal(left.high, right.high), left.high_included == right.high_included)


def _meets(left: Range, right: Range) -> Value:
    return both(left.high_included and right.low_included, equal(left.high, right.low))


def _overlaps(left: Range, right: Range) -> Value:
    return both(opposite(_before(left, right)), opposite(_before(right, left)))


def _overlaps_before(left: Range, right: Range) -> Value:
    ends = either(_ends_first(left, right), _ends_alike(left, right))
    return both(_overlaps(left, right), both(_begins_first(left, right), ends))


def _overlaps_after(left: Range, right: Range) -> Value:
    begins = either(_begins_first(right, left), _begins_alike(left, right))
    return both(_overlaps(left, right), both(begins, _ends_first(right, left)))


def _includes(left: Range, right: Range) -> Value:
    begins = either(_begins_first(left, right), _begins_alike(left, right))
    return both(begins, either(_ends_first(right, left), _ends_alike(left, right)))


def _starts(left: Range, right: Range) -> Value:
    return both(_begins_alike(left, right), either(_ends_first(left, right), _ends_alike(left, right)))


def _finishes(left: Range, right: Range) -> Value:
    return both(_ends_alike(left, right), either(_begins_first(right, left), _begins_alike(left, right)))


def _coincides(left: Range, right: Range) -> Value:
    return both(_begins_alike(left, right), _ends_alike(left, right))


def _of_ranges(relation: _Relation) -> Callable[[Value, Value], Value]:
    def applied(left: Value, right: Value) -> Value:
        return relation(left, right) if isinstance(left, Range) and isinstance(right, Range) else None

    return applied


def _into_range(relation: _Relation) -> Callable[[Value, Value], Value]:
    """The left operand may be a point."""
    return lambda left, right: relation(_span(left), right) if isinstance(right, Range) else None


def _reversed(relation: Callable[[Value, Value], Value]) -> Callable[[Value, Value], Value]:
    return lambda left, right: relation(right, left)


def _is(left: Value, right: Value) -> Value:
    return kind(left) == kind(right) and same(left, right)


def _coincide(left: Value, right: Value) -> Value:
    return _coincides(_span(left), _span(right))


_during = _into_range(lambda part, whole: _includes(whole, part))

RANGES: dict[Builtin, Callable[..., Value]] = {
    Builtin.IS: _is,
    Builtin.BEFORE: _before,
    Builtin.AFTER: _reversed(_before),
    Builtin.MEETS: _of_ranges(_meets),
    Builtin.MET_BY: _reversed(_of_ranges(_meets)),
    Builtin.OVERLAPS: _of_ranges(_overlaps),
    Builtin.OVERLAPS_BEFORE: _of_ranges(_overlaps_before),
    Builtin.OVERLAPS_AFTER: _of_ranges(_overlaps_after),
    Builtin.INCLUDES: _reversed(_during),
    Builtin.DURING: _during,
    Builtin.STARTS: _into_range(_starts),
    Builtin.STARTED_BY: _reversed(_into_range(_starts)),
    Builtin.FINISHES: _into_range(_finishes),
    Builtin.FINISHED_BY: _reversed(_into_range(_finishes)),
    Builtin.COINCIDES: _coincide,
}
