"""The spec's error bodies for requests that never reach a function (API Gateway's gateway responses)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from aws_cdk import aws_apigateway as apigateway

#: API Gateway's own words for what was wrong, already quoted.
_MESSAGE = "$context.error.messageString"
_RETRY_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayError:
    """One answer. `message` None takes API Gateway's own; `retry_after` in seconds adds the header."""

    kind: apigateway.ResponseType
    status: int
    code: str
    message: str | None = None
    details: Mapping[str, str | int] = field(default_factory=dict[str, str | int])
    retry_after: int | None = None

    @property
    def name(self) -> str:
        """The response type as CloudFormation spells it."""
        return self.kind.response_type

    @property
    def template(self) -> str:
        """The body: JSON in which API Gateway replaces `$context` variables."""
        details = dict(self.details)
        if self.retry_after is not None:
            details["retry_after_seconds"] = self.retry_after
        error = {"code": self.code, "message": _MESSAGE if self.message is None else self.message}
        body = json.dumps({"error": {**error, "details": details} if details else error})
        return body.replace(f'"{_MESSAGE}"', _MESSAGE)

    @property
    def headers(self) -> dict[str, str]:
        """Response headers; literal values stand in single quotes, and what the request does not have is left out."""
        traced = {"X-Request-Id": "context.requestId", "X-Correlation-Id": "method.request.header.X-Correlation-Id"}
        return traced if self.retry_after is None else {**traced, "Retry-After": f"'{self.retry_after}'"}


_T = apigateway.ResponseType
_TRACE = {"correlation_id": "$context.requestId", "timestamp": "$context.requestTime"}
_REFUSED = "Invalid or expired authentication token"
_NO_ENDPOINT = {"resource_type": "endpoint", "resource_id": "$context.path"}


def _unauthorized(kind: apigateway.ResponseType) -> GatewayError:
    return GatewayError(kind=kind, status=401, code="UNAUTHORIZED", message=_REFUSED)


def _forbidden(kind: apigateway.ResponseType) -> GatewayError:
    return GatewayError(kind=kind, status=403, code="FORBIDDEN", message="Access denied")


def _no_endpoint(kind: apigateway.ResponseType) -> GatewayError:
    return GatewayError(
        kind=kind, status=404, code="RESOURCE_NOT_FOUND", message="Endpoint not found", details=_NO_ENDPOINT
    )


def _invalid(kind: apigateway.ResponseType, status: int, where: str) -> GatewayError:
    details = {"field": where, "reason": "Not what API Gateway can read"}
    return GatewayError(kind=kind, status=status, code="INVALID_REQUEST", details=details)


def _too_many(kind: apigateway.ResponseType, retry_after: int) -> GatewayError:
    return GatewayError(
        kind=kind, status=429, code="TOO_MANY_REQUESTS", message="Too many requests", retry_after=retry_after
    )


def _internal(kind: apigateway.ResponseType) -> GatewayError:
    return GatewayError(
        kind=kind, status=500, code="INTERNAL_ERROR", message="The request could not be processed", details=_TRACE
    )


#: Every type that API Gateway has. Because all others are listed, DEFAULT_4XX is left with one case: a request with
#: an Authorization header to a route that does not exist, which API Gateway takes for a signed one and refuses as
#: malformed. As no route of ours is signed, the same holds for the signature types.
GATEWAY_ERRORS: tuple[GatewayError, ...] = (
    _unauthorized(_T.UNAUTHORIZED),
    _forbidden(_T.ACCESS_DENIED),
    _forbidden(_T.INVALID_API_KEY),
    _forbidden(_T.WAF_FILTERED),
    _no_endpoint(_T.MISSING_AUTHENTICATION_TOKEN),
    _no_endpoint(_T.RESOURCE_NOT_FOUND),
    _no_endpoint(_T.INVALID_SIGNATURE),
    _no_endpoint(_T.EXPIRED_TOKEN),
    _no_endpoint(_T.DEFAULT_4_XX),
    _invalid(_T.BAD_REQUEST_BODY, 400, "body"),
    _invalid(_T.BAD_REQUEST_PARAMETERS, 400, "parameters"),
    _invalid(_T.UNSUPPORTED_MEDIA_TYPE, 415, "Content-Type"),
    _too_many(_T.THROTTLED, 1),
    _too_many(_T.QUOTA_EXCEEDED, 3600),
    GatewayError(
        kind=_T.REQUEST_TOO_LARGE,
        status=413,
        code="PAYLOAD_TOO_LARGE",
        message="The request is larger than API Gateway takes",
        details={"limit_bytes": 10 * 1024 * 1024},
    ),
    GatewayError(
        kind=_T.INTEGRATION_TIMEOUT,
        status=503,
        code="SERVICE_UNAVAILABLE",
        message="Task Orchestrator did not answer in time",
        details={"reason": "The request took longer than the time limit", **_TRACE},
        retry_after=_RETRY_SECONDS,
    ),
    _internal(_T.INTEGRATION_FAILURE),
    _internal(_T.AUTHORIZER_FAILURE),
    _internal(_T.AUTHORIZER_CONFIGURATION_ERROR),
    _internal(_T.API_CONFIGURATION_ERROR),
    _internal(_T.DEFAULT_5_XX),
)
