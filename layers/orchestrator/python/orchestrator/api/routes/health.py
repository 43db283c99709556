"""Health (spec section 8); no token is needed, so nothing worth hiding is told."""

from orchestrator.api.app import App
from orchestrator.api.endpoints import Group
from orchestrator.api.request import Request
from orchestrator.api.responses import Response, stamp
from orchestrator.bootstrap import now, record_probe, service_settings

handler = App(Group.HEALTH)
DEGRADED_MS = 1000
UNAVAILABLE = 503


@handler.route("GET", "/health")
def health(_request: Request) -> Response:
    """Whether the record answers, and how fast; 503 when it does not."""
    milliseconds = record_probe()
    status = "unhealthy" if milliseconds is None else "degraded" if milliseconds > DEGRADED_MS else "healthy"
    body = {
        "status": status,
        "timestamp": stamp(now()),
        "version": service_settings().service_version,
        "checks": {"database": {"status": status, "response_time_ms": milliseconds}},
    }
    return Response(200 if milliseconds is not None else UNAVAILABLE, body)


@handler.route("GET", "/openapi.json")
def describe(_request: Request) -> Response:
    """This API as an OpenAPI 3.1 document."""
    from orchestrator.api.reference.openapi import document  # noqa: PLC0415 - seldom asked for, slow to import

    return Response(200, document(version=service_settings().service_version), {"Cache-Control": "max-age=300"})
