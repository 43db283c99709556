"""Times relative to now, as due dates and timers of Camunda 7 write them: `${dateTime().plusDays(2).toDate()}`."""

from orchestrator.compiler.expressions.ast import (
    Arithmetic,
    ArithmeticOperator,
    Call,
    Expression,
    Literal,
    TemporalLiteral,
)
from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.temporal_text import parse_temporal

CLOCKS = frozenset({"now", "dateTime"})
_OPERATORS = {"plus": ArithmeticOperator.ADD, "minus": ArithmeticOperator.SUBTRACT}
_UNITS = {
    "Seconds": "PT{}S",
    "Minutes": "PT{}M",
    "Hours": "PT{}H",
    "Days": "P{}D",
    "Months": "P{}M",
    "Years": "P{}Y",
}
_CONVERSIONS = frozenset({"toDate", "toString"})
NOW = Call(Builtin.NOW, ())


def moved(subject: Expression, name: str, arguments: tuple[Expression, ...]) -> Expression | None:
    """Translate a method of a time; None where it is none, or the method is another."""
    if not _is_time(subject):
        return None
    if name in _CONVERSIONS and not arguments:
        return subject
    match arguments:
        case (Literal(int() as count),) if count >= 0:
            return _shifted(subject, name, count)
        case _:
            return None


def _shifted(subject: Expression, name: str, count: int) -> Expression | None:
    for word, operator in _OPERATORS.items():
        form = _UNITS.get(name.removeprefix(word)) if name.startswith(word) else None
        duration = None if form is None else parse_temporal(form.format(count))
        if duration is not None:
            return Arithmetic(operator, subject, TemporalLiteral(duration))
    return None


def _is_time(node: Expression) -> bool:
    match node:
        case Arithmetic(_, left, TemporalLiteral()):
            return _is_time(left)
        case _:
            return node == NOW
