"""The prelude: functions of JSONata that emitted expressions call; written in .jsonata files beside this module."""

import re
from functools import cache
from importlib.resources import files

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DEFINITION = re.compile(r"^\$(\w+) := ", re.MULTILINE)
_BREAK = re.compile(r"\s*\n\s*")
_REFERENCE = re.compile(r"\$([a-z]\w*)")
_PLAIN = ("prelude.jsonata", "builtins.jsonata")
_TAGGED = (*_PLAIN, "temporal.jsonata", "ranges.jsonata", "timers.jsonata")


def with_prelude(text: str, *, tagged: bool) -> str:
    """Put the definitions of all functions that a text uses before it."""
    needed = _needed(text, tagged=tagged)
    if not needed:
        return text
    names = _TAGGED if tagged else _PLAIN
    known, ordered = _definitions(names), sorted(needed, key=_places(names).__getitem__)
    return f"({' '.join(f'${name} := {known[name]};' for name in ordered)} {text})"


def _needed(text: str, *, tagged: bool) -> set[str]:
    known = _definitions(_TAGGED if tagged else _PLAIN)
    needed: set[str] = set()
    waiting = [text]
    while waiting:
        found = {name for name in _REFERENCE.findall(waiting.pop()) if name in known} - needed
        needed |= found
        waiting += [known[name] for name in found]
    return needed


@cache
def _places(names: tuple[str, ...]) -> dict[str, int]:
    """Number the definitions in the order in which they are written."""
    return {name: place for place, name in enumerate(_definitions(names))}


@cache
def _definitions(names: tuple[str, ...]) -> dict[str, str]:
    """Read the definitions; those of a later file replace those of an earlier one."""
    known: dict[str, str] = {}
    for name in names:
        text = files("orchestrator.compiler.expressions.emission").joinpath(name).read_text("utf-8")
        parts = _DEFINITION.split(_COMMENT.sub("", text))[1:]
        for key, body in zip(parts[::2], parts[1::2], strict=True):
            known[key] = _BREAK.sub(" ", body.strip()).removesuffix(";")
    return known
