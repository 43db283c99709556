"""Tokens of FEEL. Two things need more than a regular expression and are decided here, so that the grammar is LALR(1).

Names may contain spaces: neighbouring words are one name (`Vacation Approval`, `string length`), which is safe because
no FEEL construct puts two names side by side. And the reversed brackets of open ranges (`]1..5[`) look like those of
filters: a `]` where an operand must start opens a range, a `[` that no operand follows closes one.
"""

import re
from collections.abc import Iterator

from lark import Token
from lark.lexer import Lexer

from orchestrator.compiler.expressions.errors import syntax

_SKIPPED = r"(?P<SKIPPED>\s+|//[^\n]*|/\*.*?\*/)"
_PATTERN = re.compile(
    _SKIPPED + r"|(?P<TEMPORAL>@\s*\"[^\"]*\")"
    r'|(?P<STRING>"(?:[^"\\]|\\.)*")'
    r"|(?P<NUMBER>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<QUOTED>`[^`]+`)"
    r"|(?P<_INSTANCE_OF>instance\s+of\b)"
    r"|(?P<PHRASE>(?:date\s+and\s+time|years\s+and\s+months\s+duration|days\s+and\s+time\s+duration|get\s+or\s+else)\b)"
    r"|(?P<WORD>[^\W\d]\w*|\?)"
    r"|(?P<SIGN>\.\.|\*\*|<=|>=|!=|[-+*/(){}\[\]<>=,:.])",
    re.DOTALL,
)
_WORDS = "if then else for in return some every satisfies and or between function true false null not"
_KEYWORDS = {word: f"_{word.upper()}" for word in _WORDS.split(" ")}
_SIGNS = (
    {"=": "EQ", "!=": "NE", "<": "LT", "<=": "LE", ">": "GT", ">=": "GE", "..": "_DOTS", "**": "_POWER"}
    | {"-": "_MINUS", "+": "_PLUS", "*": "_TIMES", "/": "_DIVIDE", ",": "_COMMA", ":": "_COLON", ".": "_DOT"}
    | {"(": "_LPAR", ")": "_RPAR", "{": "_LBRACE", "}": "_RBRACE", "[": "_LSQB", "]": "_RSQB"}
)
_OTHERS = ("TEMPORAL", "STRING", "NUMBER", "NAME", "_INSTANCE_OF", "_OPEN_RANGE", "_CLOSE_RANGE")
TERMINALS = tuple(dict.fromkeys((*_OTHERS, *_KEYWORDS.values(), *_SIGNS.values())))
_OPERANDS = frozenset({"STRING", "NUMBER", "NAME", "TEMPORAL", "_TRUE", "_FALSE", "_NULL"})
_ENDS_OPERAND = _OPERANDS | {"_RPAR", "_RSQB", "_RBRACE", "_CLOSE_RANGE"}
_STARTS_OPERAND = (
    _OPERANDS | {"_LPAR", "_LSQB", "_LBRACE", "_MINUS", "_NOT"} | {"_IF", "_FOR", "_SOME", "_EVERY", "_FUNCTION"}
)


class FeelLexer(Lexer):
    """The lexer as lark calls it."""

    __slots__ = ()

    def __init__(self, lexer_conf: object) -> None:
        """Take no configuration: the tokens are fixed."""

    def lex(self, data: str) -> Iterator[Token]:  # pyright: ignore[reportIncompatibleMethodOverride] -- lark wraps it
        """Yield the tokens of the text."""
        return iter(tokens(data))


def tokens(text: str) -> list[Token]:
    """Split FEEL into tokens whose types are the terminals of the grammar."""
    return _ranged(_named(list(_scan(text))))


def _scan(text: str) -> Iterator[Token]:
    position = 0
    while position < len(text):
        match = _PATTERN.match(text, position)
        if match is None:
            raise syntax(f"the character {text[position]!r} has no meaning here", position)
        kind, position = str(match.lastgroup), match.end()
        if kind != "SKIPPED":
            yield Token(kind, match.group(), start_pos=match.start())


def _named(scanned: list[Token]) -> list[Token]:
    named: list[Token] = []
    for index, token in enumerate(scanned):
        following = scanned[index + 1].value if index + 1 < len(scanned) else ""
        kind = _type_of(token, named[-1].type if named else "", following)
        value = re.sub(r"\s+", " ", token.value) if kind == "NAME" else token.value
        if token.type == "QUOTED":
            value = token.value[1:-1]
        if kind == "NAME" and named and named[-1].type == "NAME" and "?" not in (value, named[-1].value):
            named[-1] = Token("NAME", f"{named[-1].value} {value}", start_pos=named[-1].start_pos)
        else:
            named.append(Token(kind, value, start_pos=token.start_pos))
    return named


def _type_of(token: Token, previous: str, following: str) -> str:
    value = str(token.value)
    if token.type == "SIGN":
        return _SIGNS[value]
    if token.type == "WORD" and value in _KEYWORDS and previous != "_DOT" and following != ":":
        return "NAME" if value == "not" and previous == "NAME" else _KEYWORDS[value]
    return "NAME" if token.type in ("WORD", "QUOTED", "PHRASE") else token.type


def _ranged(named: list[Token]) -> list[Token]:
    ranged: list[Token] = []
    for index, token in enumerate(named):
        operand_before = bool(ranged) and ranged[-1].type in _ENDS_OPERAND
        operand_after = index + 1 < len(named) and named[index + 1].type in _STARTS_OPERAND
        if token.type == "_RSQB" and not operand_before and not (ranged and ranged[-1].type == "_LSQB"):
            ranged.append(Token("_OPEN_RANGE", token.value, start_pos=token.start_pos))
        elif token.type == "_LSQB" and operand_before and not operand_after:
            ranged.append(Token("_CLOSE_RANGE", token.value, start_pos=token.start_pos))
        else:
            ranged.append(token)
    return ranged
