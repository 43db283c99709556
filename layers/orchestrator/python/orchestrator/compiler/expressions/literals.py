"""Literals of the source languages. Numbers are IEEE 754 doubles, as in JSON and on Step Functions."""

import json
import re
from decimal import Decimal

from orchestrator.compiler.expressions.errors import syntax, unsupported

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\", "/": "/", "b": "\b", "f": "\f"}
LARGEST_EXACT = 2**53
"""Up to here every integer is a double."""


def number_of(text: str, position: int | None = None) -> int | float:
    """Read a number, as integer where it is one; raises RefusedError where no double is that large."""
    exact = Decimal(text)
    if exact == exact.to_integral_value() and abs(exact) <= LARGEST_EXACT:
        return int(exact)
    number = float(exact)
    if number in (float("inf"), float("-inf")):
        raise unsupported(f"the number {text} is too large", position)
    return number


def text_of(quoted: str, position: int | None) -> str:
    """Read a text literal with its escapes."""

    def unescaped(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code:
            return chr(int(code, 16))
        if match[3] not in _ESCAPED:
            raise syntax(f"\\{match[3]} is no escape in a text", position)
        return _ESCAPED[match[3]]

    text = _ESCAPE.sub(unescaped, quoted[1:-1])
    return json.loads(json.dumps(text))  # joins the halves of surrogate pairs
