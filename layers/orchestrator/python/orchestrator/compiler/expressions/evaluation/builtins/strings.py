"""String functions (DMN 1.5, 10.3.4.3) and conversions between numbers and texts."""

import re
from collections.abc import Callable

from orchestrator.compiler.expressions import pattern
from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.evaluation.conversions import numeric
from orchestrator.compiler.expressions.evaluation.values import Value, as_list, is_integer, is_number, written

_SPACE = re.compile(r"^\s+|\s+$")


def _is_separator(value: Value) -> bool:
    return value is None or (isinstance(value, str) and value != "")


def _number(value: Value, grouping: Value = None, decimal: Value = None) -> Value:
    if not isinstance(value, str):
        return value if is_number(value) else None
    if not _is_separator(grouping) or not _is_separator(decimal):
        return None
    text = value.replace(grouping, "") if grouping else value
    if decimal and decimal != ".":
        if "." in text:
            return None
        text = text.replace(decimal, ".")
    return numeric(text)


def _string(value: Value) -> Value:
    return value if value is None or isinstance(value, str) else written(value)


def _substring(text: Value, start: Value, count: Value = None) -> Value:
    if not isinstance(text, str) or not is_integer(start) or start == 0:
        return None
    index = len(text) + int(start) if start < 0 else int(start) - 1
    if index < 0 or not (count is None or (is_integer(count) and count >= 0)):
        return None
    return text[index:] if count is None else text[index : index + int(count)]


def _of_one(function: Callable[[str], Value]) -> Callable[[Value], Value]:
    return lambda text: function(text) if isinstance(text, str) else None


def _of_two(function: Callable[[str, str], Value]) -> Callable[[Value, Value], Value]:
    return lambda text, part: function(text, part) if isinstance(text, str) and isinstance(part, str) else None


def _expression(text: str, flags: Value = None) -> re.Pattern[str]:
    known = {"i": re.IGNORECASE, "m": re.MULTILINE}
    return re.compile(text, sum(known[flag] for flag in set(flags or "")))


def _matches(text: Value, expression: str, flags: Value = None) -> Value:
    return bool(_expression(expression, flags).search(text)) if isinstance(text, str) else None


def _replace(text: Value, expression: str, replacement: Value, flags: Value = None) -> Value:
    if not isinstance(text, str) or not isinstance(replacement, str):
        return None
    return _expression(expression, flags).sub(lambda match: _substituted(match, replacement), text)


def _substituted(match: re.Match[str], replacement: str) -> str:
    """Fill `$1` in a replacement; a number takes no more digits than the count of groups has."""
    groups = match.groups()
    width = len(str(len(groups)))

    def filled(reference: re.Match[str]) -> str:
        digits = reference[1]
        if digits == "$":
            return "$"
        if not digits or digits.startswith("0"):
            return (match.group() + digits[1:]) if digits else "$"
        used = digits[:width]
        used = used[:-1] if len(used) > 1 and int(used) > len(groups) else used
        found = groups[int(used) - 1] if int(used) <= len(groups) else ""
        return (found or "") + digits[len(used) :]

    return re.sub(r"\$(\$|[0-9]*)", filled, replacement)


def _split(text: Value, delimiter: str) -> Value:
    if not isinstance(text, str):
        return None
    if pattern.is_plain(delimiter):
        return text.split(delimiter)
    matches = list(_expression(delimiter).finditer(text))
    starts = [0, *(match.end() for match in matches)]
    return [text[start:end] for start, end in zip(starts, [*(m.start() for m in matches), len(text)], strict=True)]


def _join(items: Value, delimiter: Value = None) -> Value:
    given = as_list(items)
    texts = [item for item in given or () if item is not None]
    if given is None or not isinstance(delimiter, str | None) or not all(isinstance(item, str) for item in texts):
        return None
    return (delimiter or "").join(texts)


STRINGS: dict[Builtin, Callable[..., Value]] = {
    Builtin.NUMBER: _number,
    Builtin.STRING: _string,
    Builtin.SUBSTRING: _substring,
    Builtin.STRING_LENGTH: _of_one(len),
    Builtin.UPPER_CASE: _of_one(str.upper),
    Builtin.LOWER_CASE: _of_one(str.lower),
    Builtin.TRIM: _of_one(lambda text: _SPACE.sub("", text)),
    Builtin.SUBSTRING_BEFORE: _of_two(lambda text, part: text.partition(part)[0] if part and part in text else ""),
    Builtin.SUBSTRING_AFTER: _of_two(lambda text, part: text.partition(part)[2] if part else text),
    Builtin.CONTAINS: _of_two(lambda text, part: part in text),
    Builtin.STARTS_WITH: _of_two(str.startswith),
    Builtin.ENDS_WITH: _of_two(str.endswith),
    Builtin.MATCHES: _matches,
    Builtin.REPLACE: _replace,
    Builtin.SPLIT: _split,
    Builtin.STRING_JOIN: _join,
}
