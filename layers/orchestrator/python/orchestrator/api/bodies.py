"""Request bodies: strict JSON objects, checked against a pydantic model; every fault names its field."""

import json
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from orchestrator.domain.errors import InvalidRequest

Body = TypeVar("Body", bound=BaseModel)
DEEPEST = 64
_WHOLE = "body"


def read_body(text: str | None, model: type[Body]) -> Body:
    """The body as `model`.

    Raises:
        InvalidRequest: no JSON object, an unknown or missing field, a wrong type or value.
    """
    return validated(_object(text), model)


def validated(value: Any, model: type[Body]) -> Body:
    """A value that was parsed already, as `model`.

    Raises:
        InvalidRequest: an unknown or missing field, a wrong type or value.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or _WHOLE
        raise InvalidRequest(field, _reason(first)) from None


def _reason(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "unknown field"
    if error["type"] == "missing":
        return "is required"
    message = str(error["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _object(text: str | None) -> dict[str, Any]:
    try:
        value = json.loads(text or "", object_pairs_hook=_unique, parse_constant=_no_constant)
    except RecursionError:
        _refuse("is nested too deep")
    except ValueError as error:
        _refuse(f"is no valid JSON: {error}")
    if not isinstance(value, dict):
        _refuse("must be a JSON object")
    _check(value, "", DEEPEST)
    return value  # pyright: ignore[reportUnknownVariableType] - JSON


def _refuse(reason: str, field: str = _WHOLE) -> NoReturn:
    raise InvalidRequest(field, reason)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            _refuse("is given twice", name)
        found[name] = value
    return found


def _no_constant(name: str) -> NoReturn:
    _refuse(f"{name} is no JSON number")


def _check(value: Any, path: str, depth: int) -> None:
    """No lone surrogates (they have no UTF-8), no infinite numbers, no bottomless nesting."""
    if depth == 0:
        _refuse("is nested too deep", path)
    if isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, float) and value in (float("inf"), float("-inf")):
        _refuse("is too large a number", path)
    elif isinstance(value, dict):
        for name, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
            _check_text(str(name), path or _WHOLE)  # pyright: ignore[reportUnknownArgumentType]
            _check(inner, f"{path}.{name}" if path else str(name), depth - 1)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, list):
        for index, inner in enumerate(value):  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
            _check(inner, f"{path}.{index}", depth - 1)


def _check_text(text: str, path: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        _refuse("contains a character that has no Unicode encoding", path or _WHOLE)
