"""One request as the routes see it: path parameters, query, body, and who asks."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from pydantic import BaseModel

from orchestrator.api.bodies import read_body, validated
from orchestrator.api.endpoints import Permission
from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import Forbidden, InvalidRequest
from orchestrator.domain.expectation import Expectation

Body = TypeVar("Body", bound=BaseModel)
_LONGEST_CORRELATION_ID = 128


@dataclass(frozen=True)
class Request:
    """A request of API Gateway (REST API, proxy integration, payload 1.0)."""

    event: Mapping[str, Any]
    expected: Expectation | None = None

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.event["httpMethod"]

    @property
    def route(self) -> str:
        """The path as the endpoint catalogue writes it, with `{id}`."""
        return self.event["resource"]

    @property
    def target(self) -> str:
        """Method, path and query, as they came."""
        return f"{self.method} {self.event['path']} {self._part('multiValueQueryStringParameters')}"

    @property
    def id(self) -> str:
        """The `{id}` of the path."""
        return self._part("pathParameters")["id"]

    @cached_property
    def headers(self) -> dict[str, str]:
        """Headers by lower-case name."""
        return {name.lower(): value for name, value in self._part("headers").items()}

    @property
    def request_id(self) -> str:
        """The id that API Gateway gave the request."""
        return self.event.get("requestContext", {}).get("requestId", "")

    @cached_property
    def correlation_id(self) -> str:
        """The caller's `X-Correlation-Id` where it is printable and short, else the request's id."""
        given = self.headers.get("x-correlation-id", "")
        usable = given.isascii() and given.isprintable() and 0 < len(given) <= _LONGEST_CORRELATION_ID
        return given if usable else self.request_id

    @cached_property
    def caller(self) -> Caller:
        """Who asks, as the authorizer vouches for it."""
        identity = self._identity
        projects = identity.get("project_ids")
        return Caller(
            subject=identity.get("subject", ""),
            project_ids=frozenset(projects.split()) if isinstance(projects, str) else None,
            correlation_id=self.correlation_id,
            expected=self.expected,
        )

    @property
    def _identity(self) -> Mapping[str, Any]:
        return self.event.get("requestContext", {}).get("authorizer") or {}

    def require(self, permission: Permission) -> None:
        """Go on only for callers who hold the permission.

        Raises:
            Forbidden: the token lacks it.
        """
        if permission not in str(self._identity.get("permissions", "")).split():
            resource = self._part("pathParameters").get("id")
            raise Forbidden(permission, resource_id=resource)

    def body(self, model: type[Body]) -> Body:
        """The JSON body as `model`; a missing body is an empty one where the model needs nothing.

        Raises:
            InvalidRequest: anything wrong with it, naming the field.
        """
        text = self.event.get("body")
        if self.event.get("isBase64Encoded"):
            text = _decoded(text or "")
        if not text and not any(field.is_required() for field in model.model_fields.values()):
            return validated({}, model)
        return read_body(text, model)

    def query(self) -> dict[str, str]:
        """Query parameters.

        Raises:
            InvalidRequest: a parameter is given twice.
        """
        for name, values in self._part("multiValueQueryStringParameters").items():
            if len(values) > 1:
                raise InvalidRequest(name, "is given more than once")
        return dict(self._part("queryStringParameters"))

    def _part(self, name: str) -> dict[str, Any]:
        """A part of the event that API Gateway sends as null when it is empty."""
        return self.event.get(name) or {}


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise InvalidRequest("body", "is not UTF-8 text") from None
