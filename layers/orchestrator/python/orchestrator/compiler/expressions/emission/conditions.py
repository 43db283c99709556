"""Conditions: text that is always true or false. FEEL's null is neither true nor false, so both sides are written."""

from orchestrator.compiler.expressions.ast import (
    NULL,
    And,
    Call,
    Coercion,
    Comparison,
    ComparisonOperator,
    Conditional,
    Expression,
    ListLiteral,
    Literal,
    LooseComparison,
    Membership,
    Not,
    Or,
    Property,
    Target,
    Variable,
)
from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.emission.code import Code, Kind, Level, all_of, any_of, invoke, scalar, type_is
from orchestrator.compiler.expressions.emission.comparisons import ordered
from orchestrator.compiler.expressions.emission.scope import Scope
from orchestrator.compiler.expressions.emission.simple import operand, path
from orchestrator.compiler.expressions.emission.translation import Translation

_NEVER = Code("false", Kind.BOOLEAN)


def true(to: Translation, node: Expression, scope: Scope) -> Code:  # noqa: C901, PLR0911, PLR0912 -- one per node
    """Write whether a condition is true."""
    match node:
        case Literal(value):
            return Code("true" if value is True else "false", Kind.BOOLEAN)
        case And(left, right):
            return all_of(to.true(left, scope), to.true(right, scope))
        case Or(left, right):
            return any_of(to.true(left, scope), to.true(right, scope))
        case Not(inner):
            return to.false(inner, scope)
        case Conditional(condition, consequent, alternative):
            return _chosen(to.true(condition, scope), to.true(consequent, scope), to.true(alternative, scope))
        case Comparison(ComparisonOperator.EQUAL, left, right):
            return _equal(to, left, right, scope)
        case Comparison(ComparisonOperator.UNEQUAL, left, right):
            return _unequal(to, left, right, scope)
        case Comparison(operator, left, right):
            return ordered(to, operator, left, right, scope)
        case Membership(value, ListLiteral(items)) if (listed := _scalars(items)) is not None:
            return _listed(to, value, listed, scope)
        case Coercion(target, inner) if target in (Target.TRUTH, Target.JSONATA_TRUTH):
            return _truth(to, target, inner, scope)
        case Call(Builtin.EMPTY, (inner,)):
            return _empty(to, inner, scope)
        case Variable() | Property():
            return _simple_or(to, node, scope, "= true")
        case _:
            return _tested(to.value(node, scope), "true")


def false(to: Translation, node: Expression, scope: Scope) -> Code:  # noqa: C901, PLR0911 -- one per node
    """Write whether a condition is false."""
    match node:
        case Literal(value):
            return Code("true" if value is False else "false", Kind.BOOLEAN)
        case And(left, right):
            return any_of(to.false(left, scope), to.false(right, scope))
        case Or(left, right):
            return all_of(to.false(left, scope), to.false(right, scope))
        case Not(inner):
            return to.true(inner, scope)
        case Conditional(condition, consequent, alternative):
            return _chosen(to.true(condition, scope), to.false(consequent, scope), to.false(alternative, scope))
        case Comparison(ComparisonOperator.EQUAL, left, right):
            return _unequal(to, left, right, scope)
        case Comparison(ComparisonOperator.UNEQUAL, left, right):
            return _equal(to, left, right, scope)
        case Comparison(operator, left, right):
            return ordered(to, _CONTRARY[operator], left, right, scope)
        case Membership() | LooseComparison() | Call(Builtin.EMPTY, _):
            return invoke("not", to.true(node, scope), kinds=Kind.BOOLEAN)
        case Coercion(target, _) if target in (Target.TRUTH, Target.JSONATA_TRUTH):
            return invoke("not", to.true(node, scope), kinds=Kind.BOOLEAN)
        case Variable() | Property():
            return _simple_or(to, node, scope, "= false")
        case _:
            return _tested(to.value(node, scope), "false")


_CONTRARY = {
    ComparisonOperator.LESS: ComparisonOperator.GREATER_OR_EQUAL,
    ComparisonOperator.LESS_OR_EQUAL: ComparisonOperator.GREATER,
    ComparisonOperator.GREATER: ComparisonOperator.LESS_OR_EQUAL,
    ComparisonOperator.GREATER_OR_EQUAL: ComparisonOperator.LESS,
}


def _chosen(condition: Code, consequent: Code, alternative: Code) -> Code:
    text = f"{condition.at(Level.OR)} ? {consequent.at(Level.OR)} : {alternative.text}"
    return Code(text, Kind.BOOLEAN, Level.CHOICE)


def _tested(code: Code, outcome: str) -> Code:
    if code.kinds == Kind.BOOLEAN:
        return code if outcome == "true" else invoke("not", code, kinds=Kind.BOOLEAN)
    if not code.kinds & Kind.BOOLEAN:
        return _NEVER
    return Code(f"{code.at(Level.SUM)} = {outcome}", Kind.BOOLEAN, Level.COMPARISON)


def _simple_or(to: Translation, node: Expression, scope: Scope, test: str) -> Code:
    found = path(node, scope, tagged=to.tagged)
    if found is None:
        return Code(f"{to.value(node, scope).at(Level.SUM)} {test}", Kind.BOOLEAN, Level.COMPARISON)
    return all_of(*found.guards, f"{found.text} {test}")


def _equal(to: Translation, left: Expression, right: Expression, scope: Scope) -> Code:
    if isinstance(left, Literal):
        left, right = right, left
    if right == NULL:
        return invoke("not", _not_null(to, left, scope), kinds=Kind.BOOLEAN)
    if isinstance(right, Literal):
        constant = scalar(right.value)
        found = operand(left, constant.kinds, scope, tagged=to.tagged)
        guards = found.guards[:-1] if found and isinstance(left, Variable | Property) else found.guards if found else ()
        text = found.text if found else to.value(left, scope).at(Level.SUM)
        return all_of(*guards, f"{text} = {constant.text}")
    first, second = to.value(left, scope), to.value(right, scope)
    if first.kinds == second.kinds and first.kinds in (Kind.NUMBER, Kind.STRING, Kind.BOOLEAN):
        return Code(f"{first.at(Level.SUM)} = {second.at(Level.SUM)}", Kind.BOOLEAN, Level.COMPARISON)
    return _tested(invoke("eq", first, second, kinds=Kind.LOGIC), "true")


def _unequal(to: Translation, left: Expression, right: Expression, scope: Scope) -> Code:
    if isinstance(left, Literal):
        left, right = right, left
    if right == NULL:
        return _not_null(to, left, scope)
    if isinstance(right, Literal):
        return _other_than(to.value(left, scope), scalar(right.value))
    return _tested(invoke("eq", to.value(left, scope), to.value(right, scope), kinds=Kind.LOGIC), "false")


def _other_than(code: Code, constant: Code) -> Code:
    """Write that a value is of the constant's kind and differs, or is null."""
    if code.kinds == constant.kinds:
        return Code(f"{code.at(Level.SUM)} != {constant.text}", Kind.BOOLEAN, Level.COMPARISON)
    test = f"{type_is('$it', constant.kinds)} ? $it != {constant.text} : $not($it != null)"
    return Code(f"($it := {code.text}; {test})", Kind.BOOLEAN)


def _not_null(to: Translation, node: Expression, scope: Scope) -> Code:
    return Code(f"{to.value(node, scope).at(Level.SUM)} != null", Kind.BOOLEAN, Level.COMPARISON)


def _scalars(items: tuple[Expression, ...]) -> str | None:
    texts = [
        scalar(item.value).text
        for item in items
        if isinstance(item, Literal) and isinstance(item.value, str | int | float) and not isinstance(item.value, bool)
    ]
    return f"[{', '.join(texts)}]" if len(texts) == len(items) else None


def _listed(to: Translation, value: Expression, listed: str, scope: Scope) -> Code:
    found = path(value, scope, tagged=to.tagged)
    text = found.text if found else to.value(value, scope).at(Level.SUM)
    return all_of(*(found.guards if found else ()), f"{text} in {listed}")


def _truth(to: Translation, target: Target, inner: Expression, scope: Scope) -> Code:
    code = to.value(inner, scope)
    if code.kinds & ~Kind.LOGIC == 0 or isinstance(inner, Comparison | And | Or | Not | Membership):
        return to.true(inner, scope)
    if target is Target.JSONATA_TRUTH:
        return Code(f"$boolean({code.text}) = true", Kind.BOOLEAN, Level.COMPARISON)
    return Code(f'$lowercase($string({code.text})) = "true"', Kind.BOOLEAN, Level.COMPARISON)


def _empty(to: Translation, inner: Expression, scope: Scope) -> Code:
    found = path(inner, scope, tagged=to.tagged)
    if found is None or found.guards:
        text = f'($it := {to.value(inner, scope).text}; $it != null and $it != "" and $it != [] and $it != {{}})'
        return invoke("not", text, kinds=Kind.BOOLEAN)
    tests = " and ".join(f"{found.text} != {nothing}" for nothing in ("null", '""', "[]", "{}"))
    return invoke("not", tests, kinds=Kind.BOOLEAN)
