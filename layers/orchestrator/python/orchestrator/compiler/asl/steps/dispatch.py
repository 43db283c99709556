"""Calls of the task dispatcher: what every Lambda state of a machine sends (docs/design-notes.md, section 3)."""

from collections.abc import Mapping
from enum import StrEnum

from orchestrator.compiler.asl.language.states import Json
from orchestrator.compiler.asl.language.token import CLOCK, SCOPE, TRAIL, query


class Operation(StrEnum):
    """What a machine asks of the runtime."""

    ACTIVATE = "activate"
    INTERRUPT = "interrupt"
    INCIDENT = "incident"
    COMPLETE = "complete"
    FAIL = "fail"
    CALL = "call"
    THROW = "throw"
    CHANGED = "changed"
    TELL = "tell"
    SETTLE = "settle"
    COMPENSATE = "compensate"
    ROUND = "round"
    CONCLUDE = "conclude"
    GATHER = "gather"
    SPAWN = "spawn"
    TRIGGER = "trigger"
    WITHDRAW = "withdraw"
    ESCALATE = "escalate"
    ARRIVE = "arrive"
    ADVANCE = "advance"
    LEAVE = "leave"
    ABORT = "abort"


def payload(operation: Operation, element_id: str | None, fields: Mapping[str, Json]) -> dict[str, Json]:
    """Return the payload of a call: the common fields, the element, then the operation's own."""
    return {
        "operation": str(operation),
        "instance_id": query("$states.context.Execution.Input.instance_id"),
        "thread": query("$states.context.Execution.Input.thread"),
        "execution": query("$states.context.Execution.Name"),
        "scope": query(SCOPE),
        "clock": query(CLOCK),
        "trail": query(TRAIL),
        "element_id": element_id,
        **fields,
    }


def waiting(operation: Operation, element_id: str, occurrence: Json, fields: Mapping[str, Json]) -> dict[str, Json]:
    """Return the payload of a call that is answered through its task token."""
    return payload(
        operation,
        element_id,
        {"token": query("$states.context.Task.Token"), "occurrence": occurrence, **fields},
    )
