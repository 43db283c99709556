"""Plain values to DynamoDB attribute values and back."""

from collections.abc import Mapping
from typing import Any

Item = dict[str, Any]


def marshal(plain: Mapping[str, Any]) -> Item:
    """An item of attribute values; None is left out."""
    return {name: value_of(value) for name, value in plain.items() if value is not None}


def unmarshal(item: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The plain values of an item."""
    return {name: _plain(value) for name, value in item.items()}


def value_of(value: Any) -> dict[str, Any]:
    """One attribute value."""
    match value:
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": str(value)}
        case int() | float():
            return {"N": repr(value)}
        case bytes():
            return {"B": value}
        case list() | tuple():
            return {"L": [value_of(element) for element in value]}  # pyright: ignore[reportUnknownVariableType]
        case _:
            return {"M": marshal(value)}


def _plain(value: Mapping[str, Any]) -> Any:
    ((kind, content),) = value.items()
    match kind:
        case "N":
            return float(content) if any(mark in content for mark in ".eE") else int(content)
        case "L":
            return [_plain(element) for element in content]
        case "M":
            return unmarshal(content)
        case "NULL":
            return None
        case _:
            return content
