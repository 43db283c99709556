"""Refusals of the API, as exceptions."""

from typing import Any, cast

import requests


class ApiError(requests.HTTPError):
    """The API refused a request, or could not carry it out: `{"error": {"code", "message", "details"}}`."""

    def __init__(self, response: requests.Response) -> None:
        error = _error_of(response)
        self.status: int = response.status_code
        self.code: str = error.get("code", "")
        self.message: str = error.get("message") or response.reason
        self.details: dict[str, Any] = error.get("details") or {}
        #: the field that is wrong, where one is
        self.field: str | None = self.details.get("field")
        self.request_id: str | None = response.headers.get("X-Request-Id")
        where = [str(self.details[name]) for name in ("field", "reason") if self.details.get(name)]
        told = f"{self.status} {self.code}: {self.message}"
        super().__init__(f"{told} ({': '.join(where)})" if where else told, response=response)


class InvalidRequest(ApiError):  # noqa: N818 - named for what happened
    """400: the request is wrong; `field` says where."""


class Unauthorized(ApiError):  # noqa: N818
    """401: no token, or one that is not valid."""


class Forbidden(ApiError):  # noqa: N818
    """403: the token does not allow this."""


class NotFound(ApiError):  # noqa: N818
    """404: it is not there, or not for this caller."""


class Conflict(ApiError):  # noqa: N818
    """409: its state does not allow this; somebody may have been faster."""


class PreconditionFailed(ApiError):  # noqa: N818
    """412: it has another version than `if_match` says."""


class TooManyRequests(ApiError):  # noqa: N818
    """429, also after all repeats."""


class Unavailable(ApiError):  # noqa: N818
    """503, also after all repeats."""


_BY_STATUS: dict[int, type[ApiError]] = {
    400: InvalidRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: PreconditionFailed,
    429: TooManyRequests,
    503: Unavailable,
}


def error_of(response: requests.Response) -> ApiError:
    """Return the exception for a response that is no success."""
    return _BY_STATUS.get(response.status_code, ApiError)(response)


def _error_of(response: requests.Response) -> dict[str, Any]:
    try:
        found = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}
