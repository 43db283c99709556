"""When a timer fires: JSONata for epoch milliseconds, counted from the token's clock and never from the time of day.

So a machine that runs again meets the same due times. A duration of days and shorter is a constant; months, and
whatever variables say, are reckoned by FEEL: `now() + duration(x)`, where `now()` is the clock.
"""

import re
from datetime import UTC, datetime

from orchestrator.compiler.asl.token import CLOCK
from orchestrator.compiler.bpmn.model import TimerKind
from orchestrator.compiler.expressions import Expression, emit_value
from orchestrator.compiler.expressions.ast import Arithmetic, ArithmeticOperator, Call, TemporalLiteral
from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.temporal import Temporal, TemporalKind

#: far enough to be never, and within what `TimeoutSeconds` takes
_NEVER_MILLISECONDS = 99_999_000_000
_DURATION = re.compile(
    r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?"
)
_CYCLE = re.compile(r"R\d*/(?:(?P<start>\d[^/]*)/)?(?P<interval>P.*)")


def due_literal(text: str, kind: TimerKind | None) -> str | None:
    """Return the due time of a timer written as ISO 8601; of a cycle, its first. None where the text is neither."""
    cycle = _CYCLE.fullmatch(text.strip())
    text = (cycle["start"] or cycle["interval"]) if cycle else text.strip()
    if text.startswith("P"):
        return _after(text)
    return None if kind is TimerKind.DURATION else _at(text)


def due_expression(expression: Expression, kind: TimerKind | None) -> str:
    """Return the due time that an expression yields; what is no time never comes."""
    if kind is TimerKind.DATE:
        return _millis(Call(Builtin.DATE_AND_TIME, (expression,)))
    return _millis(_plus(Call(Builtin.DURATION, (expression,))))


def _after(text: str) -> str | None:
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    years, months, weeks, days, hours, minutes = (int(group or 0) for group in match.groups()[:6])
    seconds = float((match[7] or "0").replace(",", "."))
    milliseconds = (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60_000 + round(seconds * 1000)
    if not years and not months:
        return f"({CLOCK} + {milliseconds})"
    calendar = _plus(TemporalLiteral(Temporal(TemporalKind.MONTHS, years * 12 + months)))
    return f"({_millis(calendar)} + {milliseconds})"


def _at(text: str) -> str | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    zoned = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return str(round(zoned.timestamp() * 1000))


def _plus(duration: Expression) -> Expression:
    return Arithmetic(ArithmeticOperator.ADD, Call(Builtin.NOW, ()), duration)


def _millis(moment: Expression) -> str:
    text = emit_value(moment)
    return f"($due := {text}; $due = null ? {CLOCK} + {_NEVER_MILLISECONDS} : $toMillis($due))"
