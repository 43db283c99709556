"""Regular expressions of FEEL (XQuery's flavour) that mean the same in JSONata, which knows them only as literals."""

import re

_UNSHARED = re.compile(r"\\[pPicIC]|\[[^\]]*-\[|\\[0-9]|\(\?|\\[AZzGbBQEuUxNRXhHKvV]|[*+?}]\+")
_METACHARACTERS = frozenset(r"\^$.|?*+()[]{}")
FLAGS = frozenset("im")


def unshared_part(pattern: str) -> str | None:
    """Return the first construct of a pattern that the flavours read differently; None where there is none."""
    match = _UNSHARED.search(pattern)
    return match.group() if match else None


def matches_nothing(pattern: str) -> bool:
    """Tell whether a pattern can match the empty text, at which JSONata's replace and split fail."""
    compiled = re.compile(pattern)
    return any(match.end() == match.start() for text in ("", "a", "A1 _-.", "\n") for match in compiled.finditer(text))


def is_valid(pattern: str) -> bool:
    """Tell whether a pattern compiles."""
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def is_plain(pattern: str) -> bool:
    """Tell whether a pattern matches just its own text."""
    return not any(character in _METACHARACTERS for character in pattern)
