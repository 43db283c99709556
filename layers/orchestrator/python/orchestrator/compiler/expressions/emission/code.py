"""Pieces of JSONata text with what is known about their value, and how scalars and names are written."""

import json
import re
from dataclasses import dataclass
from enum import IntEnum, IntFlag

from orchestrator.compiler.expressions.literals import LARGEST_EXACT


class Kind(IntFlag):
    """Which values a piece of code can yield; MISSING is JSONata's undefined."""

    NULL = 1
    BOOLEAN = 2
    NUMBER = 4
    STRING = 8
    LIST = 16
    CONTEXT = 32
    TAGGED = 64
    """A temporal value or a range: an object with the field `@`."""
    MISSING = 128

    JSON = NULL | BOOLEAN | NUMBER | STRING | LIST | CONTEXT
    ANY = JSON | TAGGED
    LOGIC = BOOLEAN | NULL


class Level(IntEnum):
    """How tightly JSONata binds the outermost operator of a text."""

    CHOICE = 1
    OR = 2
    AND = 3
    COMPARISON = 4
    SUM = 5
    PRODUCT = 6
    ATOM = 9


@dataclass(frozen=True, slots=True)
class Code:
    """JSONata text, the kinds of value it can yield, and its binding level."""

    text: str
    kinds: Kind = Kind.ANY
    level: Level = Level.ATOM
    conjuncts: tuple[str, ...] = ()
    """The operands where the text is a conjunction."""

    def at(self, level: Level) -> str:
        """Return the text, in parentheses where it binds less tightly than `level`."""
        return self.text if self.level >= level else f"({self.text})"


_TYPE_NAMES = {Kind.NUMBER: "number", Kind.STRING: "string", Kind.BOOLEAN: "boolean"}
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED = frozenset({"and", "or", "in", "true", "false", "null", "function"})


def scalar(value: str | float | bool | None) -> Code:
    """Write a JSON scalar as JSONata literal."""
    match value:
        case None:
            return Code("null", Kind.NULL)
        case bool():
            return Code("true" if value else "false", Kind.BOOLEAN)
        case str():
            return Code(quoted(value), Kind.STRING)
        case int() if abs(value) <= LARGEST_EXACT:
            return Code(str(value), Kind.NUMBER)
        case _:
            return Code(repr(float(value)), Kind.NUMBER)


def quoted(text: str) -> str:
    """Write a text literal; JSONata has JSON's escapes."""
    return json.dumps(text, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def field(subject: str, name: str) -> str:
    """Write the access to a field of an object."""
    if _PLAIN_NAME.fullmatch(name) and name not in _RESERVED:
        return f"{subject}.{name}"
    if name and "`" not in name and name.isprintable():
        return f"{subject}.`{name}`"
    return f"$lookup({subject}, {quoted(name)})"


def type_is(text: str, kind: Kind) -> str:
    """Write the test for one JSON type."""
    return f'$type({text}) = "{_TYPE_NAMES[kind]}"'


def invoke(name: str, *arguments: Code | str, kinds: Kind = Kind.ANY) -> Code:
    """Write the call of a function of JSONata or of the prelude."""
    texts = (argument if isinstance(argument, str) else argument.text for argument in arguments)
    return Code(f"${name}({', '.join(texts)})", kinds)


def all_of(*parts: Code | str) -> Code:
    """Join conditions by `and`, each once."""
    texts: list[str] = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
        else:
            texts += part.conjuncts or (part.at(Level.COMPARISON),)
    unique = tuple(dict.fromkeys(texts))
    level = Level.AND if len(unique) > 1 else Level.COMPARISON
    return Code(" and ".join(unique), Kind.BOOLEAN, level, unique)


def any_of(left: Code, right: Code) -> Code:
    """Join conditions by `or`."""
    return Code(f"{left.at(Level.OR)} or {right.at(Level.OR)}", Kind.BOOLEAN, Level.OR)
