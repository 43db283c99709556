"""The implicit conversions of JUEL and JSONata."""

import json
import re

from orchestrator.compiler.expressions.ast import ComparisonOperator, Target
from orchestrator.compiler.expressions.evaluation.values import (
    Value,
    equal,
    is_context,
    is_integer,
    is_list,
    is_number,
    kind,
    less,
    number,
    number_text,
    plain,
    same,
)

_NUMERIC = re.compile(r"-?[0-9]{1,99}(\.[0-9]{1,99})?([eE][-+]?[0-9]{1,2})?")


def convert(target: Target, value: Value) -> Value:
    """Apply a conversion."""
    match target:
        case Target.TRUTH:
            return value is True or (isinstance(value, str) and value.lower() == "true")
        case Target.JSONATA_TRUTH:
            return is_true_for_jsonata(value)
        case Target.NUMBER:
            return numeric(value)
        case Target.TERM:
            return 0 if value is None or value == "" else numeric(value)
        case Target.TEXT:
            return text(value)


def numeric(value: Value) -> Value:
    """A number, also of numeric text."""
    if isinstance(value, str):
        return number(float(value)) if _NUMERIC.fullmatch(value) else None
    return value if is_number(value) else None


def text(value: Value) -> str:
    """A text: null is empty, what is no scalar is JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if is_number(value):
        return number_text(value)
    return json.dumps(_shortened(plain(value)), ensure_ascii=False, separators=(",", ":"))


def is_true_for_jsonata(value: Value) -> bool:
    """JSONata's boolean(): a list is true where an element is."""
    if is_list(value):
        return any(is_true_for_jsonata(item) for item in value)
    return bool(value)


def element(subject: Value, key: Value) -> Value:
    """Element of a list counted from 0, or entry of a map."""
    if is_context(subject) and isinstance(key, str):
        return subject.get(key)
    if is_list(subject) and is_integer(key) and 0 <= key < len(subject):
        return subject[int(key)]
    return None


def compare_loosely(operator: ComparisonOperator, left: Value, right: Value) -> bool:
    """EL's comparison of operands of any kind (JSR 341, 1.9)."""
    match operator:
        case ComparisonOperator.EQUAL:
            return _equal(left, right)
        case ComparisonOperator.UNEQUAL:
            return not _equal(left, right)
        case ComparisonOperator.LESS:
            return _less(left, right)
        case ComparisonOperator.GREATER:
            return _less(right, left)
        case ComparisonOperator.LESS_OR_EQUAL:
            return _less(left, right) or _equal(left, right)
        case ComparisonOperator.GREATER_OR_EQUAL:
            return _less(right, left) or _equal(left, right)


def _equal(left: Value, right: Value) -> bool:
    if left is None or right is None:
        return left is right
    kinds = {kind(left), kind(right)}
    if "number" in kinds:
        return numeric(left) is not None and equal(numeric(left), numeric(right)) is True
    if "boolean" in kinds:
        return convert(Target.TRUTH, left) is convert(Target.TRUTH, right)
    return text(left) == text(right) if "string" in kinds else same(left, right)


def _less(left: Value, right: Value) -> bool:
    if is_number(left) or is_number(right):
        return less(numeric(left), numeric(right)) is True
    return isinstance(left, str) and less(left, right) is True


def _shortened(value: Value) -> Value:
    """Cut numbers to 15 digits, as JSONata does when it writes them."""
    if is_list(value):
        return [_shortened(item) for item in value]
    if is_context(value):
        return {key: _shortened(entry) for key, entry in value.items()}
    return json.loads(number_text(value)) if is_number(value) else value
