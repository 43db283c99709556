"""What runs the machines, and where payloads are kept that are too large for it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.task import Task


class ExecutionStatus(StrEnum):
    """Status of a Step Functions execution."""

    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    ABORTED = "ABORTED"
    PENDING_REDRIVE = "PENDING_REDRIVE"


class WorkflowEngine(Protocol):
    """Step Functions. Every call may be repeated."""

    def publish(self, *, name: str, machine: str, tags: Mapping[str, str]) -> str:
        """Create (or bring up to date) the state machine of this name from ASL; its ARN."""
        ...

    def retire(self, state_machine_arn: str) -> None:
        """Delete a state machine."""
        ...

    def start(self, *, state_machine_arn: str, name: str, token: JsonObject) -> None:
        """Start the execution of this name; starting it again changes nothing."""
        ...

    def status(self, *, state_machine_arn: str, name: str) -> ExecutionStatus | None:
        """How an execution stands; None: there is none. Not for request paths."""
        ...

    def stop(self, *, state_machine_arn: str, name: str, cause: str) -> None:
        """Stop an execution; stopping one that is not running changes nothing."""
        ...

    def succeed(self, token: str, output: JsonObject, *, task: Task) -> bool:
        """Answer the token of a task; False: nobody waits for it any more."""
        ...

    def fail(self, token: str, *, error: str, cause: JsonObject, task: Task | None = None) -> bool:
        """Fail a task token with an error name; False: nobody waits for it any more.

        `task` is that whose handler gets the `variables` in the cause; of these, large ones may travel as references.
        """
        ...


class PayloadStore(Protocol):
    """Large values outside the table."""

    def put(self, key: str, text: str) -> None:
        """Store a text under a key; the same key always gets the same text."""
        ...

    def get(self, key: str) -> str:
        """The text under a key."""
        ...

    def find(self, key: str) -> str | None:
        """The text under a key; None: there is none."""
        ...
