"""Operands that may stand in the text more than once: paths, literals and one arithmetic operation on them.

One operation means adding or subtracting a literal, the only arithmetic that cannot overflow, which fails.

They are written bare behind guards: boolean JSONata that is false wherever the bare text would fail or mean another
thing than FEEL does. JSONata maps a path over arrays, so every object on the way is guarded.
"""

from dataclasses import dataclass

from orchestrator.compiler.expressions.ast import (
    INPUT,
    Arithmetic,
    ArithmeticOperator,
    Expression,
    Literal,
    Property,
    Variable,
)
from orchestrator.compiler.expressions.emission.code import Kind, field, scalar, type_is
from orchestrator.compiler.expressions.emission.scope import Scope

_INLINE = frozenset({ArithmeticOperator.ADD, ArithmeticOperator.SUBTRACT})
_HARMLESS = 1e290


@dataclass(frozen=True, slots=True)
class Guarded:
    """A text, and the guards under which it is what FEEL means."""

    guards: tuple[str, ...]
    text: str


def path(node: Expression, scope: Scope, *, tagged: bool) -> Guarded | None:
    """Write a variable or a chain of properties; the guards say that what lies before the last step is an object."""
    match node:
        case Variable(name):
            text = _variable(name, scope)
            return None if text is None else Guarded((), text)
        case Property(subject, name):
            inner = path(subject, scope, tagged=tagged)
            if inner is None or (tagged and inner.text.startswith("$") and not inner.text.startswith(scope.root)):
                return None
            return Guarded((*inner.guards, f'$type({inner.text}) = "object"'), field(inner.text, name))
        case _:
            return None


def operand(node: Expression, kind: Kind, scope: Scope, *, tagged: bool) -> Guarded | None:
    """Write an operand of one kind; None where it is not simple enough."""
    match node:
        case Literal(value):
            code = scalar(value)
            return Guarded((), code.text) if code.kinds == kind else None
        case Arithmetic(operator, left, right) if kind is Kind.NUMBER and operator in _INLINE:
            return _arithmetic(operator, left, right, scope, tagged=tagged)
        case _:
            found = path(node, scope, tagged=tagged)
            return Guarded((*found.guards, type_is(found.text, kind)), found.text) if found else None


def _arithmetic(
    operator: ArithmeticOperator, left: Expression, right: Expression, scope: Scope, *, tagged: bool
) -> Guarded | None:
    if isinstance(left, Arithmetic) or not _is_small(right):
        return None
    first = operand(left, Kind.NUMBER, scope, tagged=tagged)
    second = operand(right, Kind.NUMBER, scope, tagged=tagged)
    if first is None or second is None:
        return None
    return Guarded((*first.guards, *second.guards), f"{first.text} {operator} {second.text}")


def _variable(name: str, scope: Scope) -> str | None:
    if scope.is_process_variable(name):
        return field(scope.root, name)
    if name == INPUT.name and scope.input is not None:
        return scope.input
    return scope.local(name)


def _is_small(node: Expression) -> bool:
    return isinstance(node, Literal) and isinstance(node.value, int | float) and abs(node.value) < _HARMLESS
