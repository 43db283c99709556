"""List functions (DMN 1.5, 10.3.4.4)."""

from collections.abc import Callable
from functools import cmp_to_key, reduce

from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.evaluation import logic
from orchestrator.compiler.expressions.evaluation.arithmetic import add, divide, multiply, subtract
from orchestrator.compiler.expressions.evaluation.values import (
    Value,
    as_list,
    equal,
    is_integer,
    is_list,
    is_number,
    less,
    number,
)

Precedes = Callable[[Value, Value], Value]


def _over(function: Callable[[list[Value]], Value]) -> Callable[[Value], Value]:
    """Apply to a value as list; null stays null."""

    def applied(value: Value) -> Value:
        items = as_list(value)
        return None if items is None else function(items)

    return applied


def _over_numbers(function: Callable[[list[Value]], Value]) -> Callable[[Value], Value]:
    """Apply to a list of at least one number and nothing else."""
    return _over(lambda items: function(items) if items and all(map(is_number, items)) else None)


def _matching(left: Value, right: Value) -> bool:
    return equal(left, right) is True


def _contains(value: Value, item: Value) -> Value:
    items = as_list(value)
    return None if items is None else any(_matching(other, item) for other in items)


def _index_of(value: Value, item: Value) -> Value:
    items = as_list(value)
    return None if items is None else [index for index, other in enumerate(items, 1) if _matching(other, item)]


def _append(value: Value, items: list[Value]) -> Value:
    return [*(as_list(value) or ()), *items]


def _extreme(better: Precedes) -> Callable[[list[Value]], Value]:
    def chosen(items: list[Value]) -> Value:
        best = items[0] if items else None
        for item in items:
            verdict = better(item, best)
            if verdict is None:
                return None
            best = item if verdict else best
        return best

    return chosen


def _median(items: list[Value]) -> Value:
    ordered, middle = sorted(items), len(items) // 2
    return ordered[middle] if len(items) % 2 else divide(add(ordered[middle - 1], ordered[middle]), 2)


def _mean(items: list[Value]) -> Value:
    return divide(reduce(add, items), len(items))


def _stddev(items: list[Value]) -> Value:
    mean = _mean(items)
    total = reduce(lambda so_far, item: add(so_far, multiply(subtract(item, mean), subtract(item, mean))), items, 0)
    return None if total is None or len(items) < 2 else number((total / (len(items) - 1)) ** 0.5)  # noqa: PLR2004


def _mode(value: Value) -> Value:
    items = as_list(value)
    if not items or not all(map(is_number, items)):
        return [] if items == [] else None
    most = max(items.count(item) for item in items)
    return sorted(item for item in _distinct(items) if items.count(item) == most)


def _distinct(items: list[Value]) -> list[Value]:
    found: list[Value] = []
    for item in items:
        if not any(_matching(other, item) for other in found):
            found.append(item)
    return found


def _duplicates(items: list[Value]) -> Value:
    return [item for item in _distinct(items) if sum(_matching(item, other) for other in items) > 1]


def _flatten(items: list[Value]) -> list[Value]:
    flat = [_flatten(list(item)) if is_list(item) else [item] for item in items]
    return [item for part in flat for item in part]


def _index(items: list[Value], position: Value) -> int | None:
    """Index of a position from 1 or from the end; None outside of the list."""
    if not is_integer(position) or position == 0:
        return None
    index = len(items) + int(position) if position < 0 else int(position) - 1
    return index if 0 <= index < len(items) else None


def _sublist(value: Value, start: Value, count: Value = None) -> Value:
    items = as_list(value)
    index = None if items is None else _index(items, start)
    if items is None or index is None:
        return None
    if count is None:
        return items[index:]
    return items[index : index + int(count)] if is_integer(count) and 0 <= count <= len(items) - index else None


def _insert(value: Value, position: Value, new: Value) -> Value:
    items = as_list(value)
    if items is None:
        return None
    index = len(items) if is_number(position) and position == len(items) + 1 else _index(items, position)
    return None if index is None else [*items[:index], new, *items[index:]]


def _remove(value: Value, position: Value) -> Value:
    items = as_list(value)
    index = None if items is None else _index(items, position)
    return None if items is None or index is None else items[:index] + items[index + 1 :]


def _replace(value: Value, place: Value, new: Value) -> Value:
    items = as_list(value)
    if items is None:
        return None
    if callable(place):
        return [new if place(item, new) is True else item for item in items]
    index = _index(items, place)
    return None if index is None else [*items[:index], new, *items[index + 1 :]]


def _concatenate(lists: list[Value]) -> Value:
    parts = [as_list(part) for part in lists]
    return None if any(part is None for part in parts) else [item for part in parts for item in part or ()]


def _union(lists: list[Value]) -> Value:
    joined = _concatenate(lists)
    return None if joined is None else _distinct(joined)


def _partition(value: Value, size: Value) -> Value:
    items = as_list(value)
    if items is None or not is_integer(size) or size <= 0:
        return None
    return [items[start : start + int(size)] for start in range(0, len(items), int(size))]


def _sort(value: Value, precedes: Precedes | None = None) -> Value:
    items = as_list(value)
    if items is None:
        return None
    if precedes is None:
        if len(items) > 1 and any(less(item, items[0]) is None for item in items):
            return None
        precedes = less
    chosen = precedes
    return sorted(
        items,
        key=cmp_to_key(
            lambda left, right: 1 if chosen(right, left) is True else -1 if chosen(left, right) is True else 0
        ),
    )


LISTS: dict[Builtin, Callable[..., Value]] = {
    Builtin.LIST_CONTAINS: _contains,
    Builtin.COUNT: _over(len),
    Builtin.IS_EMPTY: _over(lambda items: not items),
    Builtin.MIN: _over(_extreme(less)),
    Builtin.MAX: _over(_extreme(lambda left, right: less(right, left))),
    Builtin.SUM: _over_numbers(lambda items: reduce(add, items)),
    Builtin.PRODUCT: _over_numbers(lambda items: reduce(multiply, items)),
    Builtin.MEAN: _over_numbers(_mean),
    Builtin.MEDIAN: _over_numbers(_median),
    Builtin.STDDEV: _over_numbers(_stddev),
    Builtin.MODE: _mode,
    Builtin.ALL: _over(logic.all_of),
    Builtin.ANY: _over(logic.any_of),
    Builtin.SUBLIST: _sublist,
    Builtin.APPEND: _append,
    Builtin.CONCATENATE: _concatenate,
    Builtin.UNION: _union,
    Builtin.INSERT_BEFORE: _insert,
    Builtin.REMOVE: _remove,
    Builtin.LIST_REPLACE: _replace,
    Builtin.REVERSE: _over(lambda items: items[::-1]),
    Builtin.INDEX_OF: _index_of,
    Builtin.DISTINCT_VALUES: _over(_distinct),
    Builtin.DUPLICATE_VALUES: _over(_duplicates),
    Builtin.FLATTEN: _over(_flatten),
    Builtin.PARTITION: _partition,
    Builtin.SORT: _sort,
}
