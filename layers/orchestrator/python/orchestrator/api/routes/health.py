"""Health and metrics (spec section 8). Without a token health says how the parts are, with one it says everything."""

from orchestrator.api import documentation, prometheus
from orchestrator.api.app import App
from orchestrator.api.authorizer import claims_of, permissions_of
from orchestrator.api.confinement import require_everything
from orchestrator.api.endpoints import Group, Permission
from orchestrator.api.errors import Unauthorized
from orchestrator.api.insights_shape import shaped
from orchestrator.api.parameters import Parameters
from orchestrator.api.request import Request
from orchestrator.api.responses import Response
from orchestrator.bootstrap.aws import service_settings
from orchestrator.bootstrap.insights import health, metrics, uptime
from orchestrator.services.resources.external_services import Status

handler = App(Group.HEALTH)
UNAVAILABLE = 503


@handler.route("GET", "/health")
def get_health(request: Request) -> Response:
    """Whether the parts answer, and how fast; 503 when the record does not."""
    Parameters(request.query()).done()
    found = health().detailed(uptime=uptime()) if _sees_details(request) else health().brief()
    return Response(UNAVAILABLE if found.status is Status.UNHEALTHY else 200, shaped(found))


@handler.route("GET", "/metrics")
def get_metrics(request: Request) -> Response:
    """All numbers, as JSON or as Prometheus text."""
    Parameters(request.query()).done()
    require_everything(request.caller)
    numbers = shaped(metrics().numbers())
    if prometheus.wanted(request.headers.get("accept", "")):
        return Response(200, prometheus.exposition(numbers), {"Content-Type": prometheus.CONTENT_TYPE})
    return Response(200, numbers)


@handler.route("GET", "/openapi.json")
def describe(_request: Request) -> Response:
    """This API as an OpenAPI 3.1 document."""
    from orchestrator.api.reference.openapi import document  # noqa: PLC0415 - seldom asked for, slow to import

    return Response(200, document(version=service_settings().service_version), {"Cache-Control": "max-age=300"})


@handler.route("GET", "/docs")
def show(_request: Request) -> Response:
    """This API as a page to read and to try."""
    return documentation.page()


@handler.route("GET", "/docs/{file}")
def get_file(request: Request) -> Response:
    """What the page consists of."""
    return documentation.asset(request.event["pathParameters"]["file"])


def _sees_details(request: Request) -> bool:
    """Tell whether the caller showed a token that may read monitoring; no authorizer stands before this endpoint.

    Raises:
        Unauthorized: there is a token, and it is not valid.
    """
    if "authorization" not in request.headers:
        return False
    claims = claims_of(request.event)
    if claims is None:
        raise Unauthorized("Invalid or expired authentication token")
    return Permission.MONITORING_READ in permissions_of(claims) and claims.get("project_ids") is None
