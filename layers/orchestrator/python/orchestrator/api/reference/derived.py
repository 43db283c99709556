"""Shapes of answers that are dataclasses on the wire (`api/insights_shape.py`): the same names, JSON types."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from pydantic import create_model

from orchestrator.api.reference.shapes import Timestamp
from orchestrator.api.schemas import Shape


@cache
def shape_of(kind: type) -> type[Shape]:
    """The shape of a dataclass, named and described as it is; everything in it is always there."""
    hints = get_type_hints(kind)
    members: dict[str, Any] = {field.name: (_wire(hints[field.name]), ...) for field in fields(cast("Any", kind))}
    return create_model(kind.__name__, __base__=Shape, __doc__=kind.__doc__, **members)


def _wire(hint: Any) -> Any:
    """The type that a value of this type has in JSON."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return Union[tuple(_wire(argument) for argument in arguments)]  # noqa: UP007 - the arguments are data
    if origin is tuple:
        return list[_wire(arguments[0])]  # pyright: ignore[reportInvalidTypeArguments, reportInvalidTypeForm]
    if origin is Mapping:
        return dict[_wire(arguments[0]), _wire(arguments[1])]  # pyright: ignore[reportInvalidTypeArguments, reportInvalidTypeForm]
    if hint is datetime:
        return Timestamp
    return shape_of(hint) if is_dataclass(hint) else hint
