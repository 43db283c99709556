"""Why one of many was not carried out, where the whole was taken."""

from dataclasses import dataclass
from typing import Final

from orchestrator.domain.errors import Conflict, Forbidden, InvalidRequest, NotFound, OrchestratorError, PayloadTooLarge

#: as in the API's error bodies
_CODES: Final[tuple[tuple[type[OrchestratorError], str], ...]] = (
    (NotFound, "RESOURCE_NOT_FOUND"),
    (Conflict, "RESOURCE_CONFLICT"),
    (Forbidden, "FORBIDDEN"),
    (PayloadTooLarge, "PAYLOAD_TOO_LARGE"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A code of ours, words, and the field at fault where there is one."""

    code: str
    message: str
    field: str | None = None

    @classmethod
    def of(cls, error: OrchestratorError) -> "Rejection":
        """What an error means to whoever asked."""
        if isinstance(error, InvalidRequest):
            return cls(code="INVALID_REQUEST", message=error.reason, field=error.field)
        codes = (code for kind, code in _CODES if isinstance(error, kind))
        return cls(code=next(codes, "REJECTED"), message=str(error))
