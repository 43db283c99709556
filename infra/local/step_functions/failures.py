"""How a state fails: the error names of the Amazon States Language and which handler they reach.

Sources: ASL specification, "Errors" and "Fallback states"; Step Functions developer guide, "Handling errors".
"""

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any


class ErrorName(StrEnum):
    """The predefined error names that this interpreter raises or matches."""

    ALL = "States.ALL"
    DATA_LIMIT_EXCEEDED = "States.DataLimitExceeded"
    HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout"
    NO_CHOICE_MATCHED = "States.NoChoiceMatched"
    QUERY_EVALUATION_ERROR = "States.QueryEvaluationError"
    RUNTIME = "States.Runtime"
    TASK_FAILED = "States.TaskFailed"
    TIMEOUT = "States.Timeout"


#: never matched by a wildcard: they end the execution unless they are named
TERMINAL = frozenset({ErrorName.DATA_LIMIT_EXCEEDED, ErrorName.RUNTIME})
#: bytes of a state's input, output or one Assign (service quota)
DATA_LIMIT = 256 * 1024


class StateFailure(Exception):  # noqa: N818 - what the language calls a failure
    """A state, and unless it is caught the execution, fails with this error name and cause."""

    def __init__(self, error: str | None, cause: str | None = None) -> None:
        super().__init__(error, cause)
        self.error = error
        self.cause = cause

    def output(self) -> dict[str, Any]:
        """The value of `$states.errorOutput`."""
        return {"Error": self.error or "", "Cause": self.cause or ""}


def matches(error: str | None, patterns: Sequence[str]) -> bool:
    """Whether an `ErrorEquals` list matches the error name."""
    if error in patterns:
        return True
    if error in TERMINAL:
        return False
    if error == ErrorName.HEARTBEAT_TIMEOUT and ErrorName.TIMEOUT in patterns:
        return True
    timed_out = error in (ErrorName.TIMEOUT, ErrorName.HEARTBEAT_TIMEOUT)
    return ErrorName.ALL in patterns or (ErrorName.TASK_FAILED in patterns and not timed_out)


def handler_of(error: str | None, handlers: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The first `Retry` or `Catch` entry that matches, in document order."""
    return next((handler for handler in handlers if matches(error, handler["ErrorEquals"])), None)


def limited(value: Any, *, what: str) -> Any:
    """The value itself; raises States.DataLimitExceeded when its JSON is larger than 256 KiB."""
    size = len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())
    if size > DATA_LIMIT:
        raise StateFailure(
            ErrorName.DATA_LIMIT_EXCEEDED,
            f"The state/task '{what}' returned a result with a size exceeding the maximum number of bytes "
            f"service limit ({size} of {DATA_LIMIT}).",
        )
    return value
