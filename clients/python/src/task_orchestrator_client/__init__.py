"""A typed client of the Task Orchestrator API."""

from task_orchestrator_client import shapes
from task_orchestrator_client.client import TaskOrchestratorClient
from task_orchestrator_client.errors import (
    ApiError,
    Conflict,
    Forbidden,
    InvalidRequest,
    NotFound,
    PreconditionFailed,
    TooManyRequests,
    Unauthorized,
    Unavailable,
)

__all__ = [
    "ApiError",
    "Conflict",
    "Forbidden",
    "InvalidRequest",
    "NotFound",
    "PreconditionFailed",
    "TaskOrchestratorClient",
    "TooManyRequests",
    "Unauthorized",
    "Unavailable",
    "shapes",
]
