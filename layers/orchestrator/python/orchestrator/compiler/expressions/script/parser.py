"""Parse a script: statements that set variables or print, and a value at the end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from orchestrator.compiler.expressions.ast import Expression
from orchestrator.compiler.expressions.errors import ErrorCode, ExpressionError, RefusedError
from orchestrator.compiler.expressions.parsing import run, tables
from orchestrator.compiler.expressions.script.tree import EXECUTIONS, ScriptTree
from orchestrator.compiler.expressions.traversal import free_names

_TEXT = r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'"
_PART: Final = re.compile(rf"{_TEXT}|//[^\n]*|/\*.*?\*/|[=!]==|.", re.DOTALL)
_SET: Final = re.compile(
    rf"(?:{'|'.join(sorted(EXECUTIONS))})\.setVariable(?:Local)?\(\s*({_TEXT})\s*,(.*)\)\s*", re.DOTALL
)
_PRINTS: Final = re.compile(r"(?:System\.(?:out|err)\.print(?:ln|f)?|console\.\w+|println|print)\b", re.DOTALL)
#: casts say nothing of JSON values
_CAST: Final = re.compile(
    r"\((?:java\.(?:lang|util)\.)?(?:String|Integer|Long|Double|Float|Boolean|Number|Object|List|Map|Collection)"
    r"(?:<[\w<>, ]*>)?\)\s*(?=[\w(\"])"
)
_VALUE: Final = re.compile(r"\s*return\b(.*)", re.DOTALL)
_DEPTH: Final = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


@dataclass(frozen=True, slots=True)
class Script:
    """What a script does: variables that it sets, in their order, and its value (None: it has none)."""

    assignments: tuple[tuple[str, Expression], ...] = ()
    value: Expression | None = None


def translate(text: str) -> Script | ExpressionError:
    """Translate a whole script, or say why it cannot be."""
    try:
        return parse_script(text)
    except RefusedError as refusal:
        return refusal.error


def parse_script(text: str) -> Script:
    """Translate a whole script; raises RefusedError (code UNSUPPORTED_LANGUAGE) for any that does more."""
    assignments: list[tuple[str, Expression]] = []
    value: Expression | None = None
    for statement in _statements(text):
        if value is not None:
            raise _foreign("something follows its value")
        found = _SET.fullmatch(statement)
        if found is not None:
            assignments.append((found[1][1:-1], _expression(found[2])))
        elif _PRINTS.match(statement) is None:
            value = _expression(statement)
    script = Script(tuple(assignments), value)
    check_order(script)
    return script


def parse_script_value(text: str) -> Expression:
    """Translate a script that is one expression, as conditions are; raises RefusedError."""
    script = parse_script(text)
    if script.assignments or script.value is None:
        raise _foreign("it has no value, or changes variables")
    return script.value


def _statements(text: str) -> Iterator[str]:
    """Split at semicolons and ends of lines outside of texts and brackets; comments are left out."""
    depth, statement = 0, ""
    for match in _PART.finditer(text):
        part = match.group()
        if part.startswith(("//", "/*")):
            continue
        depth += _DEPTH.get(part, 0)
        if depth == 0 and part in ";\n":
            yield from _unless_blank(statement)
            statement = ""
        else:
            statement += part[:2] if part in ("===", "!==") else part
    yield from _unless_blank(statement)


def _unless_blank(statement: str) -> Iterator[str]:
    if statement.strip():
        yield statement.strip()


def _expression(text: str) -> Expression:
    returned = _VALUE.fullmatch(text)
    source = _CAST.sub("", (returned[1] if returned else text).strip())
    try:
        return run(
            tables("orchestrator.compiler.expressions.juel", ScriptTree, starts=("expression",)),
            source,
            "expression",
            0,
        )
    except RefusedError as refusal:
        raise _foreign(refusal.error.message) from refusal


def check_order(script: Script) -> None:
    """Values are computed on the variables as they were before: none may read what another has set.

    Raises RefusedError.
    """
    written: set[str] = set()
    for name, value in script.assignments:
        if written & free_names(value):
            raise _foreign("it reads a variable that it has set before")
        written.add(name)
    if script.value is not None and written & free_names(script.value):
        raise _foreign("it reads a variable that it has set before")


def _foreign(reason: str) -> RefusedError:
    message = (
        f"this script cannot be translated ({reason}); write FEEL (=...), JUEL (${{...}}) or JSONata ({{% ... %}})"
    )
    return RefusedError(ExpressionError(ErrorCode.UNSUPPORTED_LANGUAGE, message))
