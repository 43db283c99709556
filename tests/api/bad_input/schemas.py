"""Faults of a value against its JSON Schema, and the least value that has none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from tests.api.reference import openapi

Json = dict[str, Any]


class Kind(StrEnum):
    """What can be wrong with a request."""

    MISSING = "missing"
    WRONG_TYPE = "wrong type"
    OUT_OF_RANGE = "out of range"
    MALFORMED = "malformed"
    UNKNOWN_ENUM = "unknown enum"
    UNKNOWN_FIELD = "unknown field"
    UNKNOWN_ID = "unknown id"
    WRONG_STATE = "wrong state"
    NO_PERMISSION = "no permission"
    OTHER_PROJECT = "other project's data"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A whole value with one fault, at the dotted `place` within it."""

    kind: Kind
    value: Any
    place: str = ""

    def under(self, name: str) -> str:
        return f"{name}.{self.place}" if self.place else name


#: a value of another type
OTHER_TYPE: dict[str, Any] = {
    "string": 5,
    "integer": "1",
    "number": "1",
    "boolean": "true",
    "array": "x",
    "object": [1],
}


def resolved(schema: Json) -> Json:
    """The schema itself, without reference and without the null that it allows."""
    if "$ref" in schema:
        return openapi()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        present = [each for each in schema["anyOf"] if each != {"type": "null"}]
        return resolved(present[0]) if len(present) == 1 else {}
    return schema


def takes_null(schema: Json) -> bool:
    return {"type": "null"} in schema.get("anyOf", ())


def least(schema: Json) -> Any:
    """The smallest value that fits."""
    schema = resolved(schema)
    if "enum" in schema:
        return schema["enum"][0]
    makers: dict[str, Callable[[Json], Any]] = {
        "object": lambda it: {name: least(it["properties"][name]) for name in it.get("required", ())},
        "array": lambda it: [least(it["items"])] * it.get("minItems", 0),
        "integer": lambda it: it.get("minimum", 0),
        "boolean": lambda _: False,
        "string": _text,
    }
    return makers.get(schema.get("type", ""), lambda _: {})(schema)


def _text(schema: Json) -> str:
    if schema.get("format") == "date-time":
        return "2026-01-15T10:00:00.000Z"
    return "1.0.0" if r"\d" in schema.get("pattern", "") else "x" * max(1, schema.get("minLength", 0))


def faults(schema: Json) -> Iterator[Fault]:
    """Each fault that the schema tells of."""
    nullable, schema = takes_null(schema), resolved(schema)
    if "type" in schema:
        yield Fault(kind=Kind.WRONG_TYPE, value=OTHER_TYPE[schema["type"]])
        if not nullable:
            yield Fault(kind=Kind.WRONG_TYPE, value=None)
    if "enum" in schema or "const" in schema:
        yield Fault(kind=Kind.UNKNOWN_ENUM, value="no-such-value")
    else:
        yield from _out_of_range(schema)
    if schema.get("type") == "array":
        yield from _of_items(schema)
    if schema.get("type") == "object":
        yield from _of_members(schema)


def _out_of_range(schema: Json) -> Iterator[Fault]:
    if schema.get("pattern") or schema.get("format") == "date-time":
        yield Fault(kind=Kind.MALFORMED, value="what is this")
    for limit, value in (
        ("minimum", lambda at: at - 1),
        ("maximum", lambda at: at + 1),
        ("minLength", lambda at: "x" * (at - 1)),
        ("maxLength", lambda at: "1" * (at + 1)),
        ("minItems", lambda at: [least(schema["items"])] * (at - 1)),
        ("maxItems", lambda at: [least(schema["items"])] * (at + 1)),
        ("maxProperties", lambda at: {f"n{place}": least(schema["additionalProperties"]) for place in range(at + 1)}),
    ):
        if limit in schema:
            yield Fault(kind=Kind.OUT_OF_RANGE, value=value(schema[limit]))


def _of_items(schema: Json) -> Iterator[Fault]:
    before = [least(schema["items"])] * max(0, schema.get("minItems", 0) - 1)
    for fault in faults(schema["items"]):
        yield replace(fault, value=[*before, fault.value], place=fault.under(str(len(before))))


def _of_members(schema: Json) -> Iterator[Fault]:
    sound = least(schema)
    for name in schema.get("required", ()):
        rest = {other: value for other, value in sound.items() if other != name}
        yield Fault(kind=Kind.MISSING, value=rest, place=name)
    if schema.get("additionalProperties") is False:
        yield Fault(kind=Kind.UNKNOWN_FIELD, value={**sound, "surprise": 1}, place="surprise")
    members = dict(schema.get("properties", {}))
    if isinstance(schema.get("additionalProperties"), dict):
        members["any"] = schema["additionalProperties"]
    for name, member in members.items():
        for fault in faults(member):
            yield replace(fault, value={**sound, name: fault.value}, place=fault.under(name))


def query_faults(schema: Json) -> Iterator[Fault]:
    """Each fault of a query parameter, as it stands in a URL."""
    if schema["type"] in {"integer", "boolean"}:
        yield Fault(kind=Kind.WRONG_TYPE, value="x")
    if "enum" in schema:
        yield Fault(kind=Kind.UNKNOWN_ENUM, value="no-such-value")
    for fault in _out_of_range(schema):
        yield replace(fault, value=str(fault.value))
