"""Task tokens: handed out by `.waitForTaskToken` tasks, answered once, dead afterwards."""

import asyncio
import base64
import hashlib
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from infra.local.step_functions.failures import StateFailure
from infra.local.step_functions.refusals import StepFunctionsError, validation

_LARGEST_OUTPUT = 256 * 1024


@dataclass(slots=True)
class WaitingTask:
    """One entry of a task that waits for its token to be answered."""

    token: str
    execution_arn: str
    answer: asyncio.Future[Any]
    beaten: asyncio.Event = field(default_factory=asyncio.Event)


class TaskTokens:
    """The tokens of all running executions; used on the interpreter's loop only."""

    def __init__(self) -> None:
        self._waiting: dict[str, WaitingTask] = {}

    def issue(self, execution_arn: str) -> WaitingTask:
        """A new token for a task of that execution."""
        token = _signed(uuid.uuid4().bytes)
        answer = asyncio.get_running_loop().create_future()
        task = self._waiting[token] = WaitingTask(token, execution_arn, answer)
        return task

    def close(self, task: WaitingTask) -> None:
        """The task has left its state: its token is dead."""
        self._waiting.pop(task.token, None)

    def close_all_of(self, execution_arn: str) -> None:
        """The execution has been stopped."""
        for task in [task for task in self._waiting.values() if task.execution_arn == execution_arn]:
            self.close(task)

    def succeed(self, token: str, output: str) -> None:
        """SendTaskSuccess.

        Raises:
            StepFunctionsError: InvalidToken, TaskTimedOut, InvalidOutput or ValidationException.
        """
        task = self._find(token)
        if len(output.encode()) > _LARGEST_OUTPUT:
            raise validation("output must be at most 262144 bytes long")
        try:
            value = json.loads(output)
        except ValueError as error:
            raise StepFunctionsError("InvalidOutput", f"Invalid Output: {error}") from error
        self.close(task)
        task.answer.set_result(value)

    def fail(self, token: str, *, error: str | None, cause: str | None) -> None:
        """SendTaskFailure; raises StepFunctionsError as `succeed` does."""
        task = self._find(token)
        self.close(task)
        task.answer.set_exception(StateFailure(error, cause))

    def beat(self, token: str) -> None:
        """SendTaskHeartbeat; raises StepFunctionsError as `succeed` does."""
        self._find(token).beaten.set()

    def _find(self, token: str) -> WaitingTask:
        task = self._waiting.get(token)
        if task is not None and not task.answer.done():
            return task
        if not _is_ours(token):
            raise StepFunctionsError("InvalidToken", "Invalid Token: 'Invalid token'")
        raise StepFunctionsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")


def _signed(unique: bytes) -> str:
    digest = hashlib.sha256(b"task-token" + unique).digest()
    return base64.urlsafe_b64encode(unique + digest).decode()


def _is_ours(token: str) -> bool:
    """Whether the token was ever issued, perhaps before a restart."""
    try:
        raw = base64.urlsafe_b64decode(token.encode())
    except ValueError:
        return False
    return _signed(raw[:16]) == token
