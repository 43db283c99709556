"""Reference of the health endpoints (spec section 8)."""

from typing import Final

from pydantic import BaseModel

from orchestrator.api.reference.derived import shape_of
from orchestrator.api.reference.operation import Operation, Operations
from orchestrator.services.insights.health import Health
from orchestrator.services.insights.metrics import ServiceNumbers


class OpenApi(BaseModel):
    """An OpenAPI 3.1 document."""

    openapi: str


OPERATIONS: Final[Operations] = {
    ("GET", "/health"): Operation(
        description="Whether the parts answer their probes, and how fast; 503 with the same body when the record "
        "does not. A token with monitoring:read sees details, registered services and recent requests too.",
        answer=shape_of(Health),
        errors=(401,),
    ),
    ("GET", "/metrics"): Operation(
        description="All numbers; as Prometheus text when `Accept` asks for text/plain or application/openmetrics-text."
        " Tokens confined to some projects are refused with 403.",
        answer=shape_of(ServiceNumbers),
    ),
    ("GET", "/openapi.json"): Operation(description="This API as an OpenAPI 3.1 document.", answer=OpenApi),
    ("GET", "/docs"): Operation(
        description="This API as a page to read and to try (Swagger UI).", answer=None, text="text/html"
    ),
    ("GET", "/docs/{file}"): Operation(
        description="What the page at `/docs` consists of: scripts and styles.", answer=None, text="text/*"
    ),
}
