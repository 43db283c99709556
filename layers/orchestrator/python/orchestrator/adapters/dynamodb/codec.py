"""The stored shape of an entity, derived from its dataclass.

Fields become attributes of the same name; None is left out; enums and versions are their texts; times are
ISO 8601 in UTC with milliseconds; free JSON is JSON text, so that callers' numbers survive exactly.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, NewType, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from orchestrator.domain.definition import Version

T = TypeVar("T")
Plain = dict[str, Any]
Coder = Callable[[Any], Any]


def encode(entity: object) -> Plain:
    """A dataclass as plain attributes (text, numbers, lists, maps)."""
    return _encode_fields(type(entity), entity)


def decode(entity: type[T], plain: Mapping[str, Any]) -> T:
    """The dataclass that `encode` wrote; attributes it does not know are ignored."""
    values = {
        name: decoder(plain[name]) for name, (_, decoder) in _coders(entity).items() if plain.get(name) is not None
    }
    return entity(**(_without_default(entity) | values))


def to_text(value: object) -> str:
    """JSON text, compact, keys in the order given."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str)


def instant(moment: datetime) -> str:
    """`2025-01-15T10:00:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _encode_fields(kind: type, entity: object) -> Plain:
    attributes = ((name, getattr(entity, name), encoder) for name, (encoder, _) in _coders(kind).items())
    return {name: encoder(value) for name, value, encoder in attributes if value is not None}


@cache
def _coders(entity: type) -> dict[str, tuple[Coder, Coder]]:
    hints = get_type_hints(entity)
    return {field.name: _coder(hints[field.name]) for field in fields(cast("Any", entity))}


@cache
def _without_default(entity: type) -> Plain:
    """None for every field that must be given: what `encode` leaves out."""
    declared = fields(cast("Any", entity))
    return {field.name: None for field in declared if field.default is MISSING and field.default_factory is MISSING}


def _identity(value: Any) -> Any:
    return value


def _value_of(member: Enum) -> Any:
    return member.value


def _coder(hint: Any) -> tuple[Coder, Coder]:
    if isinstance(hint, NewType):
        return _coder(hint.__supertype__)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        (present,) = (argument for argument in arguments if argument is not NoneType)
        return _coder(present)
    if origin is tuple:
        return _sequence(*_coder(arguments[0]))
    if origin is not None:
        return _mapping(arguments[1])
    return _scalar(hint)


def _sequence(encoder: Coder, decoder: Coder) -> tuple[Coder, Coder]:
    return lambda values: [encoder(v) for v in values], lambda plain: tuple(decoder(p) for p in plain)


def _mapping(values: Any) -> tuple[Coder, Coder]:
    if not is_dataclass(values):
        return to_text, json.loads
    encoder, decoder = _coder(values)
    return (
        lambda mapping: {key: encoder(value) for key, value in mapping.items()},
        lambda plain: {key: decoder(value) for key, value in plain.items()},
    )


def _scalar(hint: type) -> tuple[Coder, Coder]:
    if hint is Version:
        return str, Version.parse
    if hint is datetime:
        return instant, datetime.fromisoformat
    if is_dataclass(hint):
        return partial(_encode_fields, hint), partial(decode, hint)
    if issubclass(hint, Enum):
        return _value_of, cast("Coder", hint)
    return _identity, cast("Coder", hint)
