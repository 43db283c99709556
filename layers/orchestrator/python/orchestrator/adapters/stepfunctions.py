"""Step Functions: state machines, executions, task tokens."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from orchestrator.adapters.claims import Claims
from orchestrator.adapters.failures import code_of, unavailable
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.task import Task
from orchestrator.ports.engine import ExecutionStatus

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_stepfunctions.type_defs import TracingConfigurationTypeDef

DISPATCHER_PLACEHOLDER: Final = "${TaskDispatchFunctionArn}"
#: characters of a cause that the API takes
LONGEST_CAUSE: Final = 32_768
#: the engine's own name for what it cannot carry; nothing in a machine catches it
_TOO_LARGE: Final = "States.DataLimitExceeded"
#: executions go on with the trace of the request that started them: boto3 sends its header in a function
_TRACED: Final["TracingConfigurationTypeDef"] = {"enabled": True}
_PART: Final = "the workflow engine"
_NOBODY_WAITS: Final = frozenset({"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})
_NO_EXECUTION: Final = frozenset({"ExecutionDoesNotExist", "StateMachineDoesNotExist"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFunctions:
    """`ports.engine.WorkflowEngine`."""

    client: "SFNClient"
    #: None: of machines only, which carry no values
    claims: Claims | None = None
    role_arn: str = ""
    dispatcher_arn: str = ""

    def publish(self, *, name: str, machine: str, tags: Mapping[str, str]) -> str:
        """CreateStateMachine; an existing one of this name is brought up to date."""
        definition = machine.replace(DISPATCHER_PLACEHOLDER, self.dispatcher_arn)
        labels = [{"key": key, "value": value} for key, value in tags.items()]
        with unavailable(_PART):
            try:
                created = self.client.create_state_machine(
                    name=name,
                    definition=definition,
                    roleArn=self.role_arn,
                    tags=labels,  # pyright: ignore[reportArgumentType]
                    tracingConfiguration=_TRACED,
                )
            except ClientError as error:
                if code_of(error) != "StateMachineAlreadyExists":
                    raise
                return self._updated(name, definition)
            return created["stateMachineArn"]

    def _updated(self, name: str, definition: str) -> str:
        partition, _, region, account = self.dispatcher_arn.split(":")[1:5]
        arn = f"arn:{partition}:states:{region}:{account}:stateMachine:{name}"
        self.client.update_state_machine(
            stateMachineArn=arn, definition=definition, roleArn=self.role_arn, tracingConfiguration=_TRACED
        )
        return arn

    def retire(self, state_machine_arn: str) -> None:
        """DeleteStateMachine."""
        with unavailable(_PART):
            self.client.delete_state_machine(stateMachineArn=state_machine_arn)

    def start(self, *, state_machine_arn: str, name: str, token: JsonObject) -> None:
        """StartExecution; one of this name that exists already is the one that was meant."""
        given = self.claims.token(token) if self.claims else token
        with unavailable(_PART):
            try:
                self.client.start_execution(stateMachineArn=state_machine_arn, name=name, input=_text(given))
            except ClientError as error:
                if code_of(error) != "ExecutionAlreadyExists":
                    raise

    def status(self, *, state_machine_arn: str, name: str) -> ExecutionStatus | None:
        """DescribeExecution."""
        with unavailable(_PART):
            try:
                found = self.client.describe_execution(executionArn=_execution_arn(state_machine_arn, name))
            except ClientError as error:
                if code_of(error) in _NO_EXECUTION:
                    return None
                raise
            return ExecutionStatus(found["status"])

    def stop(self, *, state_machine_arn: str, name: str, cause: str) -> None:
        """StopExecution; one that does not run is left as it is."""
        with unavailable(_PART):
            try:
                self.client.stop_execution(executionArn=_execution_arn(state_machine_arn, name), cause=cause)
            except ClientError as error:
                if code_of(error) not in _NO_EXECUTION:
                    raise

    def succeed(self, token: str, output: JsonObject, *, task: Task) -> bool:
        """SendTaskSuccess."""
        given = self.claims.answer(task, output) if self.claims else output
        with unavailable(_PART):
            try:
                self.client.send_task_success(taskToken=token, output=_text(given))
            except ClientError as error:
                if code_of(error) in _NOBODY_WAITS:
                    return False
                raise
            return True

    def fail(self, token: str, *, error: str, cause: JsonObject, task: Task | None = None) -> bool:
        """SendTaskFailure; a cause that cannot be sent whole is not sent in part: the machine could not read it."""
        text = _text(self._carried(cause, task))
        if len(text) > LONGEST_CAUSE:
            what = f"The variables for {error} exceed {LONGEST_CAUSE} characters, the most that an error may carry."
            error, text = _TOO_LARGE, what
        with unavailable(_PART):
            try:
                self.client.send_task_failure(taskToken=token, error=error, cause=text)
            except ClientError as failure:
                if code_of(failure) in _NOBODY_WAITS:
                    return False
                raise
            return True

    def _carried(self, cause: JsonObject, task: Task | None) -> JsonObject:
        """The cause with references to what is too large for it."""
        if self.claims is None or task is None or len(_text(cause)) <= LONGEST_CAUSE:
            return cause
        return self.claims.cause(task, cause)


def _text(value: JsonObject) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _execution_arn(state_machine_arn: str, name: str) -> str:
    return state_machine_arn.replace(":stateMachine:", ":execution:", 1) + f":{name}"
