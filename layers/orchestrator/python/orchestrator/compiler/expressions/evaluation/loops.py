"""Iteration: `for`, quantifiers and filters (DMN 1.5, 10.3.2.14 to 10.3.2.16)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol, Self

from orchestrator.compiler.expressions import ast
from orchestrator.compiler.expressions.ast import Expression
from orchestrator.compiler.expressions.evaluation import logic
from orchestrator.compiler.expressions.evaluation.values import Value, as_list, is_integer, is_number
from orchestrator.compiler.expressions.temporal import Temporal, TemporalKind

_LONGEST_COUNT = 100_000
_LOGICAL = ast.And | ast.Or | ast.Not | ast.Comparison | ast.Membership | ast.InstanceOf | ast.Quantified | ast.Coercion


class Evaluation(Protocol):
    """What iteration needs of the evaluator."""

    def value(self, node: Expression) -> Value:
        """Return the value of a node."""
        ...

    def bind(self, names: Mapping[str, Value]) -> Self:
        """Return the evaluation inside of a construct that binds names."""
        ...

    def item(self, value: Value) -> Self:
        """Return the evaluation inside of a filter."""
        ...


def _domain(within_: Evaluation, iterator: ast.Iterator) -> list[Value] | None:
    first = within_.value(iterator.domain)
    if iterator.until is None:
        return as_list(first)
    last = within_.value(iterator.until)
    dates = isinstance(first, Temporal) and isinstance(last, Temporal)
    if dates and first.kind is last.kind is TemporalKind.DATE:
        counted = _counted(first.count, last.count)
        return None if counted is None else [Temporal(TemporalKind.DATE, count) for count in counted]
    return _counted(first, last)


def _counted(first: Value, last: Value) -> list[Value] | None:
    if not is_integer(first) or not is_integer(last) or abs(last - first) >= _LONGEST_COUNT:
        return None
    low, high = int(first), int(last)
    return list(range(low, high + 1)) if low <= high else list(range(low, high - 1, -1))


def iterate(within_: Evaluation, node: ast.For) -> Value:
    """Return what the body yields for each combination of elements, as a flat list."""
    iterator, *rest = node.iterators
    items = _domain(within_, iterator)
    if items is None:
        return None
    results: list[Value] = []
    for item in items:
        if rest:
            inner = iterate(within_.bind({iterator.name: item}), ast.For(tuple(rest), node.body))
            results += [None] if inner is None else inner
        else:
            results.append(within_.bind({iterator.name: item, "partial": list(results)}).value(node.body))
    return results


def quantify(within_: Evaluation, node: ast.Quantified) -> Value:
    """Tell whether some or every combination satisfies the condition."""
    iterator, *rest = node.iterators
    items = _domain(within_, iterator)
    if items is None:
        return None
    body = replace(node, iterators=tuple(rest)) if rest else node.condition
    outcomes = [within_.bind({iterator.name: item}).value(body) for item in items]
    return logic.any_of(outcomes) if node.quantifier is ast.Quantifier.SOME else logic.all_of(outcomes)


def pick(within_: Evaluation, node: ast.Filter) -> Value:
    """Return the elements that satisfy the predicate, or the one at the position that it yields."""
    items = as_list(within_.value(node.subject))
    if items is None:
        return None
    if not isinstance(node.predicate, _LOGICAL):
        position = within_.item(items[0] if items else None).value(node.predicate)
        if is_number(position):
            return _at(items, position)
    return [item for item in items if within_.item(item).value(node.predicate) is True]


def _at(items: list[Value], position: float) -> Value:
    index = len(items) + position if position < 0 else position - 1
    return items[int(index)] if is_integer(position) and 0 <= index < len(items) else None
