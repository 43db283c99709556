"""Errors as problem details (RFC 9457), for callers whose Accept header prefers them to the spec's body."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from orchestrator.api.errors import Failure

CONTENT_TYPE: Final = "application/problem+json"
_JSON: Final = frozenset({"application/json", "application/*", "*/*"})


def wanted(accept: str) -> bool:
    """Tell whether an Accept header names problem details, and JSON neither before them nor with more weight."""
    asked = [_weighted(part) for part in accept.split(",")]
    problem = max((weight for kind, weight in asked if kind == CONTENT_TYPE), default=0.0)
    json = max((weight for kind, weight in asked if kind == "application/json"), default=0.0)
    if problem != json:
        return problem > json
    first = next((kind for kind, _ in asked if kind in _JSON or kind == CONTENT_TYPE), "")
    return problem > 0 and first == CONTENT_TYPE


def problem(failure: Failure) -> Mapping[str, Any]:
    """The members of RFC 9457 section 3.1, with the spec's `code` and `details` as extensions (section 3.2)."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(failure.status).phrase,
        "status": failure.status,
        "detail": failure.message,
        "code": failure.code,
        **({} if failure.details is None else {"details": dict(failure.details)}),
    }


def _weighted(part: str) -> tuple[str, float]:
    """A media range and its quality (RFC 9110, 12.4.2); one that cannot be read does not count."""
    kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    try:
        return kind, min(max(float(quality), 0.0), 1.0)
    except ValueError:
        return kind, 0.0
