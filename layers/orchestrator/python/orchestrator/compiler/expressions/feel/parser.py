"""Parse FEEL."""

from orchestrator.compiler.expressions.ast import Expression, FunctionLiteral, Not
from orchestrator.compiler.expressions.errors import unsupported
from orchestrator.compiler.expressions.feel.tokens import TERMINALS, FeelLexer
from orchestrator.compiler.expressions.feel.tree import FeelTree
from orchestrator.compiler.expressions.parsing import run, tables


def parse_feel(text: str) -> Expression:
    """Parse an expression, with or without the leading `=`; raises RefusedError."""
    offset = len(text) - len(text.lstrip().removeprefix("="))
    node = _parse(text[offset:], "expression", offset)
    if isinstance(node, FunctionLiteral):
        raise unsupported("a function is no value of JSON", offset)
    return node


def parse_cell(text: str) -> Expression:
    """Parse the input entry of a decision table into a condition on `?`; raises RefusedError."""
    stripped = text.strip()
    inner = _negated(stripped)
    if inner is None:
        return _parse(stripped or "-", "unary_tests", 0)
    return Not(_parse(inner, "unary_tests", len(stripped) - len(inner) - 1))


def _parse(text: str, start: str, offset: int) -> Expression:
    parser = tables(
        __package__ or "",
        FeelTree,
        starts=("expression", "unary_tests"),
        lexer=FeelLexer,
        terminals=" ".join(TERMINALS),
    )
    return run(parser, text, start, offset)


def _negated(text: str) -> str | None:
    """Return the tests inside `not(...)` where that is the whole cell."""
    tail = text.removeprefix("not").lstrip()
    if tail == text or not tail.startswith("(") or not tail.endswith(")"):
        return None
    inner = tail[1:-1]
    depth = 0
    for character in inner:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return None
    return inner
