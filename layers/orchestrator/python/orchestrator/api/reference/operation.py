"""One operation: the documented side of a row of the endpoint catalogue."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from orchestrator.api.parameters import DEFAULT_LIMIT, LARGEST_LIMIT, LARGEST_OFFSET

JsonSchema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """One query parameter; all are optional."""

    name: str
    schema: JsonSchema
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What an endpoint takes and answers; `answer` None is an empty body, `errors` are those beside the usual.

    `text`: media type of an answer that is no JSON.
    """

    description: str
    answer: type[BaseModel] | None
    status: int = 200
    body: type[BaseModel] | None = None
    query: tuple[Query, ...] = ()
    errors: tuple[int, ...] = ()
    text: str | None = None


Operations = dict[tuple[str, str], Operation]


def text(name: str, description: str) -> Query:
    """Any text but the empty one."""
    return Query(name, {"type": "string", "minLength": 1}, description)


def choice(name: str, values: Iterable[StrEnum], description: str) -> Query:
    """One of an enumeration."""
    return Query(name, {"type": "string", "enum": [value.value for value in values]}, description)


def flag(name: str, description: str, *, default: bool) -> Query:
    """`true` or `false`."""
    return Query(name, {"type": "boolean", "default": default}, description)


def moment(name: str, description: str) -> Query:
    """A time, ISO 8601."""
    return Query(name, {"type": "string", "format": "date-time"}, description)


def page(default_limit: int = DEFAULT_LIMIT) -> tuple[Query, ...]:
    """`limit`, `offset` and `cursor`."""
    limit = {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": default_limit}
    offset = {"type": "integer", "minimum": 0, "maximum": LARGEST_OFFSET, "default": 0}
    return (
        Query("limit", limit, "Number of results to return"),
        Query("offset", offset, "Number of results to skip"),
        text("cursor", "`next_cursor` of the page before; reaches any depth, unlike `offset`"),
    )
