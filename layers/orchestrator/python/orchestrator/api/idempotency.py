"""The header Idempotency-Key: a POST that is sent again with its key is answered again, and not carried out again."""

from collections.abc import Callable
from typing import Final

from orchestrator.api.request import Request
from orchestrator.api.responses import Response
from orchestrator.bootstrap.idempotency import repeated_requests
from orchestrator.domain.errors import InvalidRequest
from orchestrator.domain.repetition import HEADER, Kept, Repeatable, repeatable

REPLAYED: Final = "Idempotent-Replayed"
LONGEST: Final = 255


def repeatable_of(request: Request) -> Repeatable | None:
    """The request with its key; None: it bears none, or its method needs none.

    Raises:
        InvalidRequest: the key is empty, too long, or not printable ASCII.
    """
    key = request.headers.get(HEADER.lower())
    if key is None or request.method != "POST":
        return None
    if not (key.isascii() and key.isprintable() and 0 < len(key) <= LONGEST):
        raise InvalidRequest(HEADER, f"must be 1 to {LONGEST} printable ASCII characters")
    return repeatable(request.caller, key, target=request.target, body=request.event.get("body") or "")


def once(repeated: Repeatable, act: Callable[[], Response]) -> Response:
    """The answer, given now or before.

    Raises:
        IdempotencyKeyReused, RequestInProgress, Unavailable: see `RepeatedRequests.once`.
    """
    answer, is_replayed = repeated_requests().once(repeated, lambda: _kept(act()))
    headers = {**answer.headers, REPLAYED: "true"} if is_replayed else answer.headers
    return Response(answer.status, answer.body or None, headers)


def _kept(response: Response) -> Kept:
    return Kept(
        status=response.status, body=response.text, headers=dict(response.headers), is_secret=response.is_secret
    )
