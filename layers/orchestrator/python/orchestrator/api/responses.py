"""Successful answers, and how everything leaves: JSON, request and correlation id, ETag."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from orchestrator.api.request import Request
from orchestrator.ports.paging import Listing, Page

_EXPOSED = "ETag, Idempotent-Replayed, Location, Retry-After, X-Correlation-Id, X-Request-Id"


@dataclass(frozen=True, slots=True)
class Response:
    """A status, a JSON body (None: no body; text is sent as it is) and headers beside the usual ones.

    `is_secret`: the body tells what is shown once only. `version`: of the resource that the body shows.
    """

    status: int
    body: Mapping[str, Any] | str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    is_secret: bool = False
    version: str | None = None

    @property
    def text(self) -> str:
        """The body as it is sent."""
        if self.body is None or isinstance(self.body, str):
            return self.body or ""
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":"))


def ok(body: Mapping[str, Any], *, version: str | int | None = None) -> Response:
    """200; `version` of the resource, where it has one."""
    return Response(200, body, version=None if version is None else str(version))


def created(body: Mapping[str, Any], *, location: str) -> Response:
    """201, with where the new resource is."""
    return Response(201, body, {"Location": location})


def no_content() -> Response:
    """204."""
    return Response(204)


def stamp(moment: datetime | None) -> str | None:
    """A time on the wire: UTC, milliseconds, Z."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def pagination(listing: Listing[Any], page: Page) -> dict[str, Any]:
    """The spec's pagination object, with the cursor of the next page and whether `total` is exact beside it."""
    return {
        "total": listing.total,
        "limit": page.limit,
        "offset": page.offset,
        "has_more": listing.has_more,
        "next_cursor": listing.next_cursor,
        "total_is_exact": listing.total_is_exact,
    }


def cross_origin(request: Request, allowed: str) -> dict[str, str]:
    """Headers that let a web page of an allowed origin (comma separated) read the answer; no cookie is ever read."""
    origin = request.headers.get("origin")
    if origin is None or origin not in allowed.split(","):
        return {"Vary": "Origin"} if allowed else {}
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": _EXPOSED, "Vary": "Origin"}


def proxy_response(response: Response, request: Request, more: Mapping[str, str]) -> dict[str, Any]:
    """What API Gateway takes from a proxy integration; `more` are headers beside the usual ones."""
    headers = {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        "X-Request-Id": request.request_id,
        "X-Correlation-Id": request.correlation_id,
        **more,
        **response.headers,
    }
    if response.body is None:
        del headers["Content-Type"]
    body = "" if request.method == "HEAD" else response.text
    return {"statusCode": response.status, "headers": headers, "body": body, "isBase64Encoded": False}
