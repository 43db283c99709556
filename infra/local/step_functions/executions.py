"""Executions: start, stop, describe, list, and the status changes they report."""

import asyncio
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from infra.local.step_functions.clock import iso
from infra.local.step_functions.failures import DATA_LIMIT, ErrorName, StateFailure
from infra.local.step_functions.frame import Frame, Services
from infra.local.step_functions.history import History, Trail, text
from infra.local.step_functions.interpreter import run_states
from infra.local.step_functions.machines import Machine, Machines
from infra.local.step_functions.names import Place
from infra.local.step_functions.paging import page
from infra.local.step_functions.refusals import StepFunctionsError
from infra.local.step_functions.tasks import first_of

Json = dict[str, Any]
#: histories of ended executions that are kept
_HISTORIES = 500


class Status(StrEnum):
    """The status of an execution."""

    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    ABORTED = "ABORTED"


@dataclass(slots=True)
class Execution:
    """One execution; `started` and `stopped` are epoch seconds."""

    arn: str
    machine_arn: str
    name: str
    input: str
    started: float
    status: Status = Status.RUNNING
    stopped: float | None = None
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    trail: Trail = field(default_factory=lambda: History().trail())
    task: asyncio.Task[None] | None = None

    def stored(self) -> Json:
        """The execution as JSON, without its history and what runs it."""
        skipped = ("trail", "task")
        return {name: getattr(self, name) for name in self.__slots__ if name not in skipped}

    def described(self) -> Json:
        """What DescribeExecution says."""
        found = {
            "executionArn": self.arn,
            "stateMachineArn": self.machine_arn,
            "name": self.name,
            "status": self.status.value,
            "startDate": self.started,
            "stopDate": self.stopped,
            "input": self.input,
            "inputDetails": {"included": True},
            "output": self.output,
            "error": self.error,
            "cause": self.cause,
            "redriveCount": 0,
        }
        return {key: value for key, value in found.items() if value is not None}


class Executions:
    """All executions of one account and region; used on the interpreter's loop only."""

    def __init__(
        self, place: Place, machines: Machines, services: Services, changed: Callable[[Execution], None]
    ) -> None:
        self._place = place
        self._machines = machines
        self._services = services
        self._changed = changed
        self._ended: list[str] = []
        self.by_arn: dict[str, Execution] = {}

    def find(self, arn: str) -> Execution:
        """Raises StepFunctionsError ExecutionDoesNotExist."""
        if arn not in self.by_arn:
            raise StepFunctionsError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")
        return self.by_arn[arn]

    def start(self, body: Json) -> Json:
        """StartExecution: the same name and input while it runs is the same execution."""
        machine = self._machines.find(body["stateMachineArn"])
        name = body.get("name") or str(uuid.uuid4())
        given = _checked_input(body.get("input") or "{}")
        arn = self._place.execution(machine.name, name)
        existing = self.by_arn.get(arn)
        if existing is not None:
            if existing.status is not Status.RUNNING or json.loads(existing.input) != json.loads(given):
                raise StepFunctionsError("ExecutionAlreadyExists", f"Execution Already Exists: '{arn}'")
            return {"executionArn": arn, "startDate": existing.started}
        execution = self.by_arn[arn] = Execution(arn, machine.arn, name, given, self._services.clock.now())
        execution.trail.add("ExecutionStarted", input=given, roleArn=machine.role_arn)
        self._changed(execution)
        execution.task = asyncio.get_running_loop().create_task(self._run(execution, machine))
        return {"executionArn": arn, "startDate": execution.started}

    async def _run(self, execution: Execution, machine: Machine) -> None:
        definition = machine.parsed
        frame = Frame(self._services, execution.arn, _context(execution, machine), execution.trail)
        work = run_states(definition, json.loads(execution.input), frame)
        try:
            output = await self._limited(work, definition.get("TimeoutSeconds"))
            self._end(execution, Status.SUCCEEDED, output=text(output))
        except _TimedOutError:
            self._end(execution, Status.TIMED_OUT, error=ErrorName.TIMEOUT.value)
        except StateFailure as failure:
            self._end(execution, Status.FAILED, error=failure.error, cause=failure.cause)
        except Exception as error:  # noqa: BLE001 - a mistake of the interpreter must not leave an execution running
            self._end(execution, Status.FAILED, error=ErrorName.RUNTIME.value, cause=repr(error))

    async def _limited(self, work: Any, seconds: int | None) -> Any:
        if seconds is None:
            return await work

        async def expire() -> None:
            await self._services.clock.sleep(seconds)
            raise _TimedOutError

        return await first_of(work, [expire()])

    def _end(self, execution: Execution, status: Status, **outcome: str | None) -> None:
        if execution.status is not Status.RUNNING:
            return
        execution.status, execution.stopped, execution.task = status, self._services.clock.now(), None
        for name, value in outcome.items():
            setattr(execution, name, value)
        self._services.tokens.close_all_of(execution.arn)
        try:
            execution.trail.add(_ENDED[status], **outcome)
        except StateFailure:
            execution.trail.history.events.pop()  # the last place in the history belongs to the end
            execution.trail.add(_ENDED[status], **outcome)
        self._forget_old_histories(execution)
        self._changed(execution)

    def _forget_old_histories(self, execution: Execution) -> None:
        self._ended.append(execution.arn)
        if len(self._ended) > _HISTORIES and (old := self.by_arn.get(self._ended.pop(0))):
            del old.trail.history.events[1:-1]

    def stop(self, body: Json) -> Json:
        """StopExecution: nothing of it runs on, its tokens are dead when this returns."""
        execution = self.find(body["executionArn"])
        task = execution.task
        self._end(execution, Status.ABORTED, error=body.get("error"), cause=body.get("cause"))
        if task is not None:
            task.cancel()
        return {"stopDate": execution.stopped}

    def describe(self, body: Json) -> Json:
        """DescribeExecution."""
        return self.find(body["executionArn"]).described()

    def list(self, body: Json) -> Json:
        """ListExecutions, newest first."""
        machine = self._machines.find(body["stateMachineArn"])
        wanted = body.get("statusFilter")
        items = [
            {key: value for key, value in execution.described().items() if key in _LISTED}
            for execution in reversed(self.by_arn.values())
            if execution.machine_arn == machine.arn and wanted in (None, execution.status.value)
        ]
        return page(items, body, name="executions")

    def history(self, body: Json) -> Json:
        """GetExecutionHistory."""
        events = self.find(body["executionArn"]).trail.history.events
        return page(events[::-1] if body.get("reverseOrder") else events, body, name="events")

    def restore(self, stored: Json) -> None:
        """An execution as `Execution.stored` gave it; one that ran then is aborted now."""
        execution = self.by_arn[stored["arn"]] = Execution(**stored)
        execution.status = Status(execution.status)
        if execution.status is Status.RUNNING:
            execution.status, execution.stopped = Status.ABORTED, time.time()
            execution.cause = "The interpreter was restarted."
        execution.trail.add("ExecutionStarted", input=execution.input)
        execution.trail.add(_ENDED[execution.status], error=execution.error, cause=execution.cause)


class _TimedOutError(Exception):
    """The machine's own TimeoutSeconds are over."""


def _checked_input(given: str) -> str:
    try:
        json.loads(given)
    except ValueError as error:
        raise StepFunctionsError("InvalidExecutionInput", f"Invalid Execution Input: '{error}'") from error
    if len(given.encode()) > DATA_LIMIT:
        raise StepFunctionsError("InvalidExecutionInput", "The input is larger than 262144 bytes")
    return given


def _context(execution: Execution, machine: Machine) -> Json:
    return {
        "Execution": {
            "Id": execution.arn,
            "Input": json.loads(execution.input),
            "Name": execution.name,
            "RoleArn": machine.role_arn,
            "StartTime": iso(execution.started),
            "RedriveCount": 0,
        },
        "StateMachine": {"Id": machine.arn, "Name": machine.name},
    }


_ENDED = {
    Status.SUCCEEDED: "ExecutionSucceeded",
    Status.FAILED: "ExecutionFailed",
    Status.TIMED_OUT: "ExecutionTimedOut",
    Status.ABORTED: "ExecutionAborted",
}
_LISTED = {"executionArn", "stateMachineArn", "name", "status", "startDate", "stopDate", "redriveCount"}
