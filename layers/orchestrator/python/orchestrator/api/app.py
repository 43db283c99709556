"""The application of one resource group: permission, route, answer; every error leaves in the spec's shape."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from orchestrator.api import idempotency, problems, versions
from orchestrator.api.endpoints import ENDPOINTS, Endpoint, Group
from orchestrator.api.errors import Failure, MethodNotAllowed, failure_of, internal_error
from orchestrator.api.parameters import Parameters
from orchestrator.api.request import Request
from orchestrator.api.responses import Response, cross_origin, proxy_response, stamp
from orchestrator.bootstrap.aws import service_settings
from orchestrator.bootstrap.usage import observed
from orchestrator.domain.errors import NotFound, OrchestratorError
from orchestrator.observability import logger, meter

Route = Callable[[Request], Response]


@dataclass(frozen=True, slots=True)
class App:
    """Routes of one group; a Lambda handler. Endpoints of the catalogue without a route answer 501."""

    group: Group
    routes: dict[tuple[str, str], Route] = field(default_factory=dict[tuple[str, str], Route])

    def route(self, method: str, path: str) -> Callable[[Route], Route]:
        """Register the decorated function for a row of the endpoint catalogue."""

        def register(route: Route) -> Route:
            self.routes[method, path] = route
            return route

        return register

    def __call__(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        """Answer one request, and measure it."""
        with observed():
            return self._handled(event, context)

    def _handled(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        request = Request(event)
        logger.append_keys(
            correlation_id=request.correlation_id,
            request_id=request.request_id,
            function_request_id=getattr(context, "aws_request_id", None),
        )
        response = self._answer(request)
        meter.answered(response.status)
        logger.info("request", method=request.method, route=request.route, status=response.status)
        return proxy_response(response, request, cross_origin(request, service_settings().allowed_origins))

    def _answer(self, request: Request) -> Response:
        return _guarded(lambda: self._admitted(request), request)

    def _admitted(self, request: Request) -> Response:
        """Let the route answer; a request with a key only once, and nobody without permission sees what is kept."""
        endpoint = self._endpoint(request)
        if endpoint.permission is not None:
            request.require(endpoint.permission)
        if endpoint.method not in versions.READING:
            Parameters(request.query()).done()
        route, expecting = self.routes[endpoint.method, endpoint.path], versions.expecting(request, endpoint)
        repeated = idempotency.repeatable_of(request)
        if repeated is None:
            return versions.tagged(route(expecting), request)
        return idempotency.once(repeated, lambda: _guarded(lambda: route(expecting), request))

    def _endpoint(self, request: Request) -> Endpoint:
        rows = [row for row in ENDPOINTS if row.group is self.group and row.path == request.route]
        method = "GET" if request.method == "HEAD" else request.method
        for row in rows:
            if row.method == method:
                return row
        if rows:
            raise MethodNotAllowed(f"{request.method} is not allowed here; {', '.join(row.method for row in rows)} is")
        raise NotFound("endpoint", request.event.get("path", request.route))


def _guarded(answer: Callable[[], Response], request: Request) -> Response:
    """An answer in any case."""
    try:
        return answer()
    except OrchestratorError as error:
        return _failed(failure_of(error), request)
    except Exception:  # noqa: BLE001 - the one place where a bug becomes an answer
        logger.exception("bug")
        now = stamp(datetime.now(UTC)) or ""
        return _failed(internal_error(correlation_id=request.correlation_id, timestamp=now), request)


def _failed(failure: Failure, request: Request) -> Response:
    if problems.wanted(request.headers.get("accept", "")):
        headers = {**(failure.headers or {}), "Content-Type": problems.CONTENT_TYPE}
        return Response(failure.status, problems.problem(failure), headers)
    return Response(failure.status, failure.body, failure.headers or {})
