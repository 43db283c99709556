"""Commands that other services put on the bus: what we take, and once each."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from orchestrator.domain.events import EventType, Happening
from orchestrator.domain.rejection import Rejection

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
