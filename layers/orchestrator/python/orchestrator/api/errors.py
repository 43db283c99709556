"""One table from errors to the spec's error bodies (spec, section "Error Responses")."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from orchestrator.domain.errors import (
    Conflict,
    Forbidden,
    InvalidRequest,
    ModelRejected,
    NotFound,
    OrchestratorError,
    PayloadTooLarge,
    Unavailable,
)
from orchestrator.domain.expectation import PreconditionFailed
from orchestrator.domain.repetition import HEADER, IdempotencyKeyReused, RequestInProgress

Details = dict[str, Any]


class Unauthorized(OrchestratorError):  # noqa: N818
    """401: a token that is not valid, where no authorizer stands before."""


class MethodNotAllowed(OrchestratorError):  # noqa: N818
    """405: the path exists, but not with this method."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed answer: status, the spec's body, and headers beside."""

    status: int
    code: str
    message: str
    details: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None

    @property
    def body(self) -> dict[str, Any]:
        """`{"error": {"code", "message", "details"?}}`."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.details is not None:
            error["details"] = dict(self.details)
        return {"error": error}


def failure_of(error: OrchestratorError) -> Failure:
    """The answer to an error that is the caller's or the moment's fault."""
    for kind, (status, code, details) in _TABLE.items():
        if isinstance(error, kind):
            return Failure(status, code, str(error), details(error), _headers(error))
    raise error


def _headers(error: OrchestratorError) -> dict[str, str] | None:
    if isinstance(error, Unavailable | RequestInProgress):
        return {"Retry-After": str(error.retry_after_seconds)}
    return None


def internal_error(*, correlation_id: str, timestamp: str) -> Failure:
    """The answer to a bug: nothing but how to find it in the log."""
    details = {"correlation_id": correlation_id, "timestamp": timestamp}
    return Failure(500, "INTERNAL_ERROR", "The request failed due to an internal error", details)


def _invalid(error: Any) -> Details:
    details = {"field": error.field, "reason": error.reason}
    return details if error.line is None else {**details, "line": error.line}


def _forbidden(error: Any) -> Details:
    details = {"required_permission": error.required_permission}
    return details if error.resource_id is None else {**details, "resource_id": error.resource_id}


def _missing(error: Any) -> Details:
    return {"resource_type": error.resource_type, "resource_id": error.resource_id}


def _conflict(error: Any) -> Details:
    status = {} if error.current_status is None else {"current_status": error.current_status}
    return {**status, **error.details}


def _rejected(error: Any) -> Details:
    findings = [
        {
            "code": finding.code,
            "message": finding.message,
            "element_id": finding.element_id,
            "severity": finding.severity,
            "line": finding.line,
        }
        for finding in error.findings
    ]
    return {**_conflict(error), "findings": findings}


def _too_large(error: Any) -> Details:
    return {"field": error.field, "size": error.size, "limit": error.limit}


def _unavailable(error: Any) -> Details:
    return {"reason": error.reason, "retry_after_seconds": error.retry_after_seconds}


def _reused(error: Any) -> Details:
    return {"field": HEADER, "reason": str(error)}


def _in_progress(error: Any) -> Details:
    return {**_reused(error), "retry_after_seconds": error.retry_after_seconds}


def _outdated(error: Any) -> Details:
    return {
        "field": "If-Match",
        "reason": str(error),
        "resource_id": error.resource_id,
        "current_version": error.current_version,
    }


def _nothing(_error: Any) -> None:
    return None


#: more special kinds first
_TABLE: dict[type[OrchestratorError], tuple[int, str, Callable[[Any], Details | None]]] = {
    InvalidRequest: (400, "INVALID_REQUEST", _invalid),
    Unauthorized: (401, "UNAUTHORIZED", _nothing),
    Forbidden: (403, "FORBIDDEN", _forbidden),
    NotFound: (404, "RESOURCE_NOT_FOUND", _missing),
    MethodNotAllowed: (405, "METHOD_NOT_ALLOWED", _nothing),
    ModelRejected: (409, "RESOURCE_CONFLICT", _rejected),
    Conflict: (409, "RESOURCE_CONFLICT", _conflict),
    RequestInProgress: (409, "REQUEST_IN_PROGRESS", _in_progress),
    PreconditionFailed: (412, "PRECONDITION_FAILED", _outdated),
    PayloadTooLarge: (413, "PAYLOAD_TOO_LARGE", _too_large),
    IdempotencyKeyReused: (422, "IDEMPOTENCY_KEY_REUSED", _reused),
    Unavailable: (503, "SERVICE_UNAVAILABLE", _unavailable),
}
