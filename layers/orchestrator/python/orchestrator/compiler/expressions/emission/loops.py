"""Iteration: `for`, quantifiers, filters and functions given to functions become lambdas of JSONata."""

from orchestrator.compiler.expressions.ast import (
    And,
    Coercion,
    Comparison,
    Expression,
    Filter,
    For,
    FunctionLiteral,
    InstanceOf,
    Iterator,
    Literal,
    Membership,
    Not,
    Or,
    Quantified,
    Quantifier,
)
from orchestrator.compiler.expressions.emission.code import Code, Kind, invoke
from orchestrator.compiler.expressions.emission.scope import Scope
from orchestrator.compiler.expressions.emission.translation import Translation
from orchestrator.compiler.expressions.emission.values import present

_LOGIC = (And, Or, Not, Comparison, Membership, InstanceOf, Quantified, Coercion)


def loop(to: Translation, node: Expression, scope: Scope) -> Code | None:
    """Write a construct that goes over a list; None where the node is of another sort."""
    match node:
        case For(iterators, body):
            return _for(to, iterators, body, scope)
        case Quantified(quantifier, iterators, condition):
            return _quantified(to, quantifier, iterators, condition, scope)
        case Filter(subject, predicate):
            return _filter(to, subject, predicate, scope)
        case _:
            return None


def lambda_of(to: Translation, function: FunctionLiteral, scope: Scope) -> str:
    """Write a function given to a built-in function."""
    variables: list[str] = []
    for parameter in function.parameters:
        scope, variable = scope.bind(parameter)
        variables.append(variable)
    return f"function({', '.join(variables)}) {{ {to.value(function.body, scope).text} }}"


def _domain(to: Translation, iterator: Iterator, scope: Scope) -> Code:
    first = to.value(iterator.domain, scope)
    if iterator.until is None:
        return first
    return invoke("upto", first, to.value(iterator.until, scope), kinds=Kind.LIST | Kind.NULL)


def _for(to: Translation, iterators: tuple[Iterator, ...], body: Expression, scope: Scope) -> Code:
    iterator, *rest = iterators
    domain = _domain(to, iterator, scope)
    inner, variable = scope.bind(iterator.name)
    inner, partial = inner.bind("partial") if not rest else (inner, "$partial_")
    text = _for(to, tuple(rest), body, inner).text if rest else invoke("box", to.value(body, inner)).text
    parameters = f"{variable}, {partial}" if partial in text else variable
    return invoke("collect", domain, f"function({parameters}) {{ {text} }}", kinds=Kind.LIST | Kind.NULL)


def _quantified(
    to: Translation, quantifier: Quantifier, iterators: tuple[Iterator, ...], condition: Expression, scope: Scope
) -> Code:
    iterator, *rest = iterators
    domain = _domain(to, iterator, scope)
    inner, variable = scope.bind(iterator.name)
    body = _quantified(to, quantifier, tuple(rest), condition, inner) if rest else to.value(condition, inner)
    return invoke(quantifier, domain, f"function({variable}) {{ {body.text} }}", kinds=Kind.LOGIC)


def _filter(to: Translation, subject: Expression, predicate: Expression, scope: Scope) -> Code:
    over = to.value(subject, scope)
    if isinstance(predicate, Literal) and type(predicate.value) in (int, float):
        return invoke("at", over, to.value(predicate, scope))
    inner, variable = scope.filter()
    if isinstance(predicate, _LOGIC):
        text = f"function({variable}) {{ {to.true(predicate, inner).text} }}"
        return invoke("filtered", over, text, kinds=Kind.LIST | Kind.NULL)
    return invoke("pick", over, f"function({variable}) {{ {present(to.value(predicate, inner)).text} }}")
