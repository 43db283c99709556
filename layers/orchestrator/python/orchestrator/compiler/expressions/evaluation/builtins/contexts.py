"""Context functions (DMN 1.5, 10.3.4.10), and those on null."""

from collections.abc import Callable, Sequence
from functools import reduce

from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.evaluation.values import Value, as_list, is_context, is_list


def _get_value(context: Value, key: Value) -> Value:
    if is_list(key):
        return reduce(_entry, key, context) if key and is_context(context) else None
    return _entry(context, key)


def _entry(context: Value, key: Value) -> Value:
    return context.get(key) if is_context(context) and isinstance(key, str) else None


def _get_entries(context: Value) -> Value:
    if not is_context(context):
        return None
    return [{"key": key, "value": value} for key, value in context.items()]


def _context(entries: Value) -> Value:
    items = as_list(entries)
    if items is None or not all(
        is_context(item) and isinstance(item.get("key"), str) and "value" in item for item in items
    ):
        return None
    built = {item["key"]: item["value"] for item in items}
    return built if len(built) == len(items) else None


def _put(context: Value, key: Value, value: Value) -> Value:
    if context is not None and not is_context(context):
        return None
    before: dict[str, Value] = context or {}
    if isinstance(key, str):
        return {**before, key: value}
    return _put_deep(before, key, value) if is_list(key) and key and isinstance(key[0], str) else None


def _put_deep(context: dict[str, Value], keys: Sequence[str], value: Value) -> Value:
    first, *rest = keys
    return {**context, first: _put(context.get(first), rest, value) if rest else value}


def _merge(contexts: Value) -> Value:
    items = as_list(contexts)
    if items is None or not all(is_context(item) for item in items):
        return None
    return {key: value for item in items for key, value in item.items()}


def _is_defined(value: Value) -> Value:
    return value is not None


def _get_or_else(value: Value, default: Value) -> Value:
    return default if value is None else value


def _size(value: Value) -> Value:
    return len(value) if isinstance(value, str) or is_list(value) or is_context(value) else None


def _is_empty(value: Value) -> Value:
    return value is None or _size(value) == 0


CONTEXTS: dict[Builtin, Callable[..., Value]] = {
    Builtin.IS_DEFINED: _is_defined,
    Builtin.GET_OR_ELSE: _get_or_else,
    Builtin.GET_VALUE: _get_value,
    Builtin.GET_ENTRIES: _get_entries,
    Builtin.CONTEXT: _context,
    Builtin.CONTEXT_PUT: _put,
    Builtin.CONTEXT_MERGE: _merge,
    Builtin.EMPTY: _is_empty,
    Builtin.SIZE: _size,
}
