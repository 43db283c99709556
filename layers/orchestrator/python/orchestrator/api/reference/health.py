"""Reference of the health endpoints (spec section 8)."""

from enum import StrEnum
from typing import Final

from pydantic import BaseModel

from orchestrator.api.reference.operation import Operation, Operations
from orchestrator.api.reference.shapes import Timestamp
from orchestrator.api.schemas import Shape


class OpenApi(BaseModel):
    """An OpenAPI 3.1 document."""

    openapi: str


class HealthStatus(StrEnum):
    """How a part of the service is."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"


class PartHealth(Shape):
    """One part, and how long its probe took; null: it did not answer."""

    status: HealthStatus
    response_time_ms: float | None


class PartsHealth(Shape):
    """The parts that were probed."""

    database: PartHealth


class Health(Shape):
    """Whether the service works."""

    status: HealthStatus
    timestamp: Timestamp
    version: str
    checks: PartsHealth


OPERATIONS: Final[Operations] = {
    ("GET", "/health"): Operation(
        description="Whether the record answers, and how fast; 503 with the same body when it does not.",
        answer=Health,
    ),
    ("GET", "/openapi.json"): Operation(description="This API as an OpenAPI 3.1 document.", answer=OpenApi),
}
