"""Shared handling of lark: parser tables built on first use, its exceptions turned into refusals."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import cast

from lark import Lark, Token
from lark.exceptions import UnexpectedInput
from lark.lexer import Lexer

from orchestrator.compiler.expressions.ast import Expression
from orchestrator.compiler.expressions.errors import ExpressionError, RefusedError, syntax, unsupported


class _Spread:
    """What lark calls for each rule: the builder's method of that name, with the children as arguments."""

    def __init__(self, builder: object) -> None:
        for name in dir(builder):
            if not name.startswith("_"):
                setattr(self, name, _spread(getattr(builder, name)))


def _spread(method: Callable[..., object]) -> Callable[[list[object]], object]:
    return lambda children: method(*children)


@cache
def tables(
    package: str, builder: type, *, starts: tuple[str, ...], lexer: type[Lexer] | None = None, terminals: str = ""
) -> Lark:
    """Build the parser of `grammar.lark` in a package; the builder has a method for each rule.

    Without a lexer of its own, whose `terminals` are then named, the grammar defines the tokens.
    """
    grammar = files(package).joinpath("grammar.lark").read_text("utf-8")
    declared = f"%declare {terminals}\n" if terminals else ""
    return Lark(
        declared + grammar,
        parser="lalr",
        lexer=lexer or "contextual",
        start=list(starts),
        transformer=_Spread(builder()),  # pyright: ignore[reportArgumentType] -- lark asks only for the methods
        maybe_placeholders=False,
    )


def run(parser: Lark, text: str, start: str, offset: int) -> Expression:
    """Parse; positions of refusals are moved by `offset`. Raises RefusedError and nothing else."""
    try:
        return parser.parse(text, start=start)  # pyright: ignore[reportReturnType] -- the transformer makes nodes
    except RefusedError as error:
        raise _moved(error, offset) from error
    except UnexpectedInput as error:
        raise _explained(error, text, offset) from error
    except RecursionError as error:
        raise unsupported("the expression is nested too deeply") from error


def _moved(error: RefusedError, offset: int) -> RefusedError:
    refusal = error.error
    position = None if refusal.position is None else refusal.position + offset
    return RefusedError(ExpressionError(refusal.code, refusal.message, position))


def _explained(error: UnexpectedInput, text: str, offset: int) -> RefusedError:
    position = error.pos_in_stream
    token = cast("Token | None", getattr(error, "token", None))
    if position is None or position >= len(text) or (token is not None and token.type == "$END"):
        return syntax("the expression ends too early")
    word = text[position] if token is None else token.value
    return syntax(f'"{word}" is not expected here', position + offset)
