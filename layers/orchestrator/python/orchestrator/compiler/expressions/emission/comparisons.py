"""Order comparisons: bare behind guards where the kind is known from one side, else by the prelude's functions."""

from orchestrator.compiler.expressions.ast import ComparisonOperator, Expression
from orchestrator.compiler.expressions.emission.code import Code, Kind, Level, all_of, invoke
from orchestrator.compiler.expressions.emission.scope import Scope
from orchestrator.compiler.expressions.emission.simple import Guarded, operand
from orchestrator.compiler.expressions.emission.translation import Translation

_ORDERED = (Kind.NUMBER, Kind.STRING)
_SWAPPED = {ComparisonOperator.GREATER: "lt", ComparisonOperator.GREATER_OR_EQUAL: "le"}
_STRAIGHT = {ComparisonOperator.LESS: "lt", ComparisonOperator.LESS_OR_EQUAL: "le"}


def ordered(to: Translation, operator: ComparisonOperator, left: Expression, right: Expression, scope: Scope) -> Code:
    """Write whether an order comparison is true."""
    first, second = to.value(left, scope), to.value(right, scope)
    bare = _bare(operator, first, second)
    if bare is not None:
        return bare
    pair = _guarded_pair(to, (first, left), (second, right), scope)
    if pair is not None:
        return all_of(*pair[0].guards, *pair[1].guards, f"{pair[0].text} {operator} {pair[1].text}")
    return Code(f"{_by_prelude(operator, first, second).text} = true", Kind.BOOLEAN, Level.COMPARISON)


def ordered_value(
    to: Translation, operator: ComparisonOperator, left: Expression, right: Expression, scope: Scope
) -> Code:
    """Write an order comparison with its third value."""
    first, second = to.value(left, scope), to.value(right, scope)
    if first.kinds == second.kinds and first.kinds in _ORDERED:
        return Code(f"{first.at(Level.SUM)} {operator} {second.at(Level.SUM)}", Kind.BOOLEAN, Level.COMPARISON)
    pair = _guarded_pair(to, (first, left), (second, right), scope)
    if pair is None:
        return _by_prelude(operator, first, second)
    guard = " and ".join(dict.fromkeys((*pair[0].guards, *pair[1].guards)))
    return Code(f"{guard} ? {pair[0].text} {operator} {pair[1].text} : null", Kind.LOGIC, Level.CHOICE)


def _bare(operator: ComparisonOperator, first: Code, second: Code) -> Code | None:
    """Compare what is of one kind or missing, at which JSONata's comparison yields nothing."""
    for kind in _ORDERED:
        allowed = kind | Kind.MISSING
        if first.kinds & kind and second.kinds & kind and not (first.kinds | second.kinds) & ~allowed:
            text = f"{first.at(Level.SUM)} {operator} {second.at(Level.SUM)}"
            if (first.kinds | second.kinds) & Kind.MISSING:
                text = f"({text}) = true"
            return Code(text, Kind.BOOLEAN, Level.COMPARISON)
    return None


def _guarded_pair(
    to: Translation, left: tuple[Code, Expression], right: tuple[Code, Expression], scope: Scope
) -> tuple[Guarded, Guarded] | None:
    kind = next((code.kinds for code, _ in (left, right) if code.kinds in _ORDERED), None)
    if kind is None:
        return None
    low, high = (operand(node, kind, scope, tagged=to.tagged) for _, node in (left, right))
    return (low, high) if low and high and (low.guards or high.guards) else None


def _by_prelude(operator: ComparisonOperator, first: Code, second: Code) -> Code:
    if operator in _SWAPPED:
        return invoke(_SWAPPED[operator], second, first, kinds=Kind.LOGIC)
    return invoke(_STRAIGHT[operator], first, second, kinds=Kind.LOGIC)
