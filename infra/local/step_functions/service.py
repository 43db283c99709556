"""The Step Functions API over the interpreter: requests from any thread, executions on one loop of their own."""

import asyncio
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self

from infra.local.step_functions.clock import Clock
from infra.local.step_functions.executions import Execution, Executions
from infra.local.step_functions.frame import Services
from infra.local.step_functions.integrations import Integrations
from infra.local.step_functions.machines import Machines
from infra.local.step_functions.names import Place
from infra.local.step_functions.refusals import StepFunctionsError
from infra.local.step_functions.status_change import status_change
from infra.local.step_functions.tokens import TaskTokens

Json = dict[str, Any]
Operation = Callable[[Json], Json]
#: calls that tasks may have in flight together
_CALLS = 128

__all__ = ["StepFunctions", "StepFunctionsError"]


class StepFunctions:
    """Start with `with StepFunctions(...) as states:`; every request may come from any thread."""

    def __init__(
        self,
        integrations: Integrations,
        *,
        clock: Clock | None = None,
        on_status_change: Callable[[Json], None] | None = None,
        region: str = "us-east-1",
        account: str = "000000000000",
    ) -> None:
        """`on_status_change` receives the detail of each status change event, on the interpreter's thread."""
        self.clock = clock or Clock()
        self._on_status_change = on_status_change
        place = Place(region, account)
        self._tokens = TaskTokens()
        self.machines = Machines(place)
        services = Services(self.clock, self._tokens, integrations)
        self.executions = Executions(place, self.machines, services, self._changed)
        #: executions that changed since `changed_executions` was asked last
        self._dirty: dict[str, Execution] = {}
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(ThreadPoolExecutor(_CALLS, thread_name_prefix="states-call"))
        self._thread = threading.Thread(target=self._loop.run_forever, name="states", daemon=True)
        self._operations = self._table()

    def _table(self) -> dict[str, Operation]:
        return {
            "CreateStateMachine": self.machines.create,
            "DescribeStateMachine": self.machines.describe,
            "UpdateStateMachine": self.machines.update,
            "DeleteStateMachine": self.machines.delete,
            "ListStateMachines": self.machines.list,
            "ValidateStateMachineDefinition": self.machines.validate,
            "TagResource": self.machines.tag,
            "UntagResource": self.machines.untag,
            "ListTagsForResource": self.machines.tags,
            "StartExecution": self.executions.start,
            "StopExecution": self.executions.stop,
            "DescribeExecution": self.executions.describe,
            "ListExecutions": self.executions.list,
            "GetExecutionHistory": self.executions.history,
            "SendTaskSuccess": self._send_task_success,
            "SendTaskFailure": self._send_task_failure,
            "SendTaskHeartbeat": self._send_task_heartbeat,
        }

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._cancel_all(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def submit(self, action: str, body: Json) -> "Future[Json]":
        """The answer to a request of the JSON API, when it is there.

        The future raises StepFunctionsError for what the API refuses.
        """
        return self._submit(lambda: self._perform(action, body))

    def request(self, action: str, body: Json) -> Json:
        """As `submit`, waiting; not for use on the interpreter's own thread."""
        return self.submit(action, body).result()

    def on_loop(self, function: Callable[[], Any]) -> Any:
        """Run a function on the interpreter's thread, for instance to move the clock; its result."""
        return self._submit(function).result()

    def _submit(self, function: Callable[[], Any]) -> "Future[Any]":
        answer: Future[Any] = Future()

        def run() -> None:
            try:
                answer.set_result(function())
            except Exception as error:  # noqa: BLE001 - handed to the caller
                answer.set_exception(error)

        self._loop.call_soon_threadsafe(run)
        return answer

    def _perform(self, action: str, body: Json) -> Json:
        operation = self._operations.get(action)
        if operation is None:
            raise StepFunctionsError("UnknownOperationException", f"{action} is not run locally")
        try:
            return operation(body)
        except KeyError as missing:
            raise StepFunctionsError("ValidationException", f"the parameter {missing} is required") from missing

    def _send_task_success(self, body: Json) -> Json:
        self._tokens.succeed(body["taskToken"], body["output"])
        return {}

    def _send_task_failure(self, body: Json) -> Json:
        self._tokens.fail(body["taskToken"], error=body.get("error"), cause=body.get("cause"))
        return {}

    def _send_task_heartbeat(self, body: Json) -> Json:
        self._tokens.beat(body["taskToken"])
        return {}

    def _changed(self, execution: Execution) -> None:
        self._dirty[execution.arn] = execution
        if self._on_status_change is not None:
            self._on_status_change(status_change(execution))

    async def _cancel_all(self) -> None:
        """Stop what runs without a trace: after a restart these executions are found aborted."""
        running = [execution.task for execution in self.executions.by_arn.values() if execution.task is not None]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def changed_executions(self) -> list[Json]:
        """Executions that changed since the last call, as they are stored."""

        def take() -> list[Json]:
            taken = [execution.stored() for execution in self._dirty.values()]
            self._dirty.clear()
            return taken

        return self.on_loop(take)

    def changed_machines(self) -> dict[str, Json | None]:
        """State machines that changed since the last call, by ARN, as they are stored; None: deleted."""
        return self.on_loop(self.machines.take_changes)

    def restore(self, machines: Iterable[Json], executions: Iterable[Json]) -> None:
        """Take over what was stored; executions that ran then are aborted now."""

        def put() -> None:
            for machine in machines:
                self.machines.restore(machine)
            for execution in executions:
                self.executions.restore(execution)

        self.on_loop(put)
