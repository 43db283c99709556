"""Parse Python: one expression, or a script that only sets variables."""

import ast as python
from collections.abc import Iterator

from orchestrator.compiler.expressions.ast import Expression
from orchestrator.compiler.expressions.errors import (
    ErrorCode,
    ExpressionError,
    RefusedError,
    syntax,
    unsupported,
)
from orchestrator.compiler.expressions.python.tree import translated
from orchestrator.compiler.expressions.script.parser import Script, check_order

_PRINTERS = frozenset({"print"})
_Assignment = tuple[str, Expression]


def parse_python(text: str) -> Expression:
    """Parse an expression; raises RefusedError."""
    module = _parsed(text.strip())
    match module.body:
        case [python.Expr(value)]:
            return translated(value)
        case []:
            raise syntax("the expression is empty")
        case _:
            raise syntax("this is a Python statement, no expression")


def translate_python(text: str) -> Script | ExpressionError:
    """Translate a whole script, or say why it cannot be (code UNSUPPORTED_LANGUAGE: somebody has to perform it)."""
    try:
        script = Script(tuple(one for statement in _parsed(text).body for one in _assignments(statement)))
        check_order(script)
    except RefusedError as refusal:
        message = f"this Python script cannot be translated: {refusal.error.message}"
        return ExpressionError(ErrorCode.UNSUPPORTED_LANGUAGE, message)
    return script


def _parsed(text: str) -> python.Module:
    try:
        return python.parse(_unindented(text))
    except (SyntaxError, ValueError) as error:
        raise syntax(f"this is no Python: {error.args[0]}") from error
    except (RecursionError, MemoryError) as error:
        raise unsupported("the expression is nested too deeply") from error


def _unindented(text: str) -> str:
    """Take away the space that XML puts before every line of a script."""
    lines = text.splitlines()
    indented = [line for line in lines if line.strip()]
    margin = min((len(line) - len(line.lstrip()) for line in indented), default=0)
    return "\n".join(line[margin:] for line in lines)


def _assignments(statement: python.stmt) -> Iterator[_Assignment]:
    match statement:
        case python.Assign([python.Name(name)], value) | python.AnnAssign(python.Name(name), _, python.expr() as value):
            yield name, translated(value)
        case python.AugAssign(python.Name(name), operator, value):
            yield name, translated(python.BinOp(python.Name(name), operator, value))
        case python.Pass() | python.Expr(python.Constant()):
            return
        case python.Expr(python.Call(python.Name(name))) if name in _PRINTERS:
            return
        case _:
            raise unsupported(f"line {statement.lineno} does more than to set a variable")
