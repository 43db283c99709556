"""Text with embedded `${...}`: split into literal pieces and expressions."""

import re
from dataclasses import dataclass

from orchestrator.compiler.expressions.errors import syntax

_OPENING = re.compile(r"\\([$#]\{)|[$#]\{")
_INSIDE = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[{}]|[^{}\"']+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a composite text and where it starts."""

    text: str
    position: int
    is_expression: bool


def pieces(text: str) -> list[Piece]:
    """Split a text; raises RefusedError where an expression has no end."""
    found: list[Piece] = []
    literal, position = "", 0
    while (match := _OPENING.search(text, position)) is not None:
        literal += text[position : match.start()] + (match[1] or "")
        position = match.end()
        if match[1]:
            continue
        found += [Piece(literal, 0, is_expression=False)] if literal else []
        end = _end(text, position)
        found.append(Piece(text[position:end], position, is_expression=True))
        literal, position = "", end + 1
    literal += text[position:]
    return [*found, Piece(literal, 0, is_expression=False)] if literal or not found else found


def _end(text: str, start: int) -> int:
    depth, position = 0, start
    while (match := _INSIDE.match(text, position)) is not None:
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth < 0:
            return position
        position = match.end()
    raise syntax("an expression opened here has no closing }", start - 2)
