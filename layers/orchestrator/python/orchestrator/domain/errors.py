"""What a caller can do wrong, and what can be unavailable. Anything else that is raised is a bug."""
# ruff: noqa: N818 - they are named as HTTP names them

from typing import Any

from orchestrator.diagnostics import Diagnostic


class OrchestratorError(Exception):
    """Base of the errors that the edge translates into the spec's error bodies."""


class NotFound(OrchestratorError):
    """404: no such resource, or none that the caller may see."""

    def __init__(self, resource_type: str, resource_id: str) -> None:
        self.resource_type, self.resource_id = resource_type, resource_id
        super().__init__(f"{resource_type.replace('_', ' ').capitalize()} not found")


class Conflict(OrchestratorError):
    """409: the resource's state does not allow it. `details` are further fields of the error body."""

    def __init__(self, message: str, *, current_status: str | None = None, **details: Any) -> None:
        self.current_status = current_status
        self.details = details
        super().__init__(message)


class ModelRejected(Conflict):
    """409: the model has errors; all findings are in `findings`."""

    def __init__(self, message: str, *, current_status: str, findings: tuple[Diagnostic, ...]) -> None:
        super().__init__(message, current_status=current_status)
        self.findings = findings


class InvalidRequest(OrchestratorError):
    """400: `field` (dotted path) is wrong, because of `reason`; `line` of the XML where there is one."""

    def __init__(self, field: str, reason: str, *, message: str = "Invalid request", line: int | None = None) -> None:
        self.field, self.reason, self.line = field, reason, line
        super().__init__(message)


class Forbidden(OrchestratorError):
    """403: the caller lacks `required_permission`."""

    def __init__(self, required_permission: str, *, resource_id: str | None = None, message: str | None = None) -> None:
        self.required_permission, self.resource_id = required_permission, resource_id
        super().__init__(message or "Insufficient permissions")


class PayloadTooLarge(OrchestratorError):
    """413: `size` and `limit` in bytes of JSON text (UTF-8)."""

    def __init__(self, field: str, *, size: int, limit: int) -> None:
        self.field, self.size, self.limit = field, size, limit
        super().__init__(f"{field} has {size} bytes, the limit is {limit}")


class Unavailable(OrchestratorError):
    """503: a part that we need does not answer now; try again after `retry_after_seconds`."""

    def __init__(self, reason: str, *, retry_after_seconds: int = 5) -> None:
        self.reason, self.retry_after_seconds = reason, retry_after_seconds
        super().__init__("Task Orchestrator is temporarily unavailable")
