"""Parse FEEL. The parser tables are built on first use, so that importing the package costs nothing."""

from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark
from lark.exceptions import UnexpectedToken, VisitError

from orchestrator.compiler.expressions.ast import Expression, FunctionLiteral, Not
from orchestrator.compiler.expressions.errors import RefusedError, syntax, unsupported
from orchestrator.compiler.expressions.feel.tokens import TERMINALS, FeelLexer
from orchestrator.compiler.expressions.feel.tree import FeelTree


def parse_feel(text: str) -> Expression:
    """Parse an expression, with or without the leading `=`; raises RefusedError."""
    offset = len(text) - len(text.lstrip().removeprefix("="))
    node = _parse(text[offset:], "expression", offset)
    if isinstance(node, FunctionLiteral):
        raise unsupported("a function is no value of JSON", offset)
    return node


def parse_unary_tests_feel(text: str) -> Expression:
    """Parse the input entry of a decision table into a condition on `?`; raises RefusedError."""
    stripped = text.strip()
    inner = _negated(stripped)
    if inner is None:
        return _parse(stripped or "-", "unary_tests", 0)
    return Not(_parse(inner, "unary_tests", len("not(")))


def _parse(text: str, start: str, offset: int) -> Expression:
    try:
        return _parser().parse(text, start=start)
    except VisitError as error:
        raise _moved(error.orig_exc, offset) from error
    except RefusedError as error:
        raise _moved(error, offset) from error
    except UnexpectedToken as error:
        raise _explained(error, offset) from error
    except RecursionError as error:
        raise unsupported("the expression is nested too deeply") from error


def _moved(error: Exception, offset: int) -> Exception:
    if isinstance(error, RefusedError) and error.error.position is not None:
        refusal = error.error
        return type(error)(type(refusal)(refusal.code, refusal.message, refusal.position + offset))
    return error


def _explained(error: UnexpectedToken, offset: int) -> RefusedError:
    if error.token.type == "$END":
        return syntax("the expression ends too early")
    return syntax(f'"{error.token.value}" is not expected here', (error.token.start_pos or 0) + offset)


def _negated(text: str) -> str | None:
    """Return the tests inside `not(...)` where that is the whole cell."""
    if not text.startswith("not") or not text[3:].lstrip().startswith("(") or not text.endswith(")"):
        return None
    inner = text[3:].lstrip()[1:-1]
    depth = 0
    for character in inner:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return None
    return inner


@cache
def _parser() -> Any:
    grammar = files("orchestrator.compiler.expressions.feel").joinpath("grammar.lark").read_text("utf-8")
    declared = f"%declare {' '.join(TERMINALS)}\n{grammar}"
    return Lark(
        declared,
        parser="lalr",
        lexer=FeelLexer,
        start=["expression", "unary_tests"],
        transformer=FeelTree(),
        maybe_placeholders=False,
    )
