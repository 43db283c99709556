"""Commands that other services put on the bus: what we take, and once each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from orchestrator.domain.errors import Conflict, Forbidden, InvalidRequest, NotFound, OrchestratorError, PayloadTooLarge
from orchestrator.domain.events import EventType, Happening

#: after so long a command that somebody took and never finished is taken again
CLAIM_WINDOW = timedelta(minutes=2)
#: for how long a finished command is remembered
MEMORY = timedelta(days=14)


class CommandType(StrEnum):
    """The detail-types that we listen to."""

    START_WORKFLOW = "StartWorkflow"
    COMPLETE_TASK = "CompleteTask"
    FAIL_TASK = "FailTask"
    PUBLISH_MESSAGE = "PublishMessage"
    PUBLISH_SIGNAL = "PublishSignal"
    AGENT_HEARTBEAT = "AgentHeartbeat"


class CommandKey(NamedTuple):
    """What makes a command one command: who sent it, and its sender's id for it."""

    source: str
    id: str


class Claim(StrEnum):
    """Who has a command: you, you after somebody who did not finish, somebody else now, or nobody any more."""

    YOURS = "yours"
    TAKEN_OVER = "taken_over"
    BUSY = "busy"
    DONE = "done"


#: as in the API's error bodies
_CODES: Final[tuple[tuple[type[OrchestratorError], str], ...]] = (
    (NotFound, "RESOURCE_NOT_FOUND"),
    (Conflict, "RESOURCE_CONFLICT"),
    (Forbidden, "FORBIDDEN"),
    (PayloadTooLarge, "PAYLOAD_TOO_LARGE"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a command was not carried out: a code of ours, words, and the field at fault where there is one."""

    code: str
    message: str
    field: str | None = None

    @classmethod
    def of(cls, error: OrchestratorError) -> "Rejection":
        """What an error means to the sender of a command."""
        if isinstance(error, InvalidRequest):
            return cls(code="INVALID_REQUEST", message=error.reason, field=error.field)
        codes = (code for kind, code in _CODES if isinstance(error, kind))
        return cls(code=next(codes, "REJECTED"), message=str(error))


def rejected(key: CommandKey, detail_type: str, rejection: Rejection, *, at: datetime) -> Happening:
    """What the event about a rejected command tells."""
    data = {
        "command_source": key.source,
        "command_id": key.id,
        "command_type": detail_type,
        "error_code": rejection.code,
        "reason": rejection.message,
        "field": rejection.field,
    }
    return Happening(type=EventType.COMMAND_REJECTED, at=at, data=data, actor=key.source)
