"""What each command does: read it, then one call of the use case that the API has for the same."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from orchestrator.bootstrap import instances, publications, tasks
from orchestrator.domain.caller import Caller
from orchestrator.domain.command import CommandKey, CommandType
from orchestrator.domain.errors import Conflict, InvalidRequest, NotFound
from orchestrator.domain.instance import Configuration
from orchestrator.domain.resources.agent import AgentStatus
from orchestrator.domain.task_failure import Report
from orchestrator.services.events.inbound import instance_started_by
from orchestrator.services.instances.instances import NewInstance
from orchestrator.services.publications.messages import NewMessage
from orchestrator.services.publications.signals import NewSignal
from orchestrator.services.tasks.task_failures import ErrorType, TaskFailure
from orchestrator.services.tasks.tasks import Completion
from orchestrator.workers import command_schemas as schemas


def carry_out(detail_type: str, detail: Mapping[str, Any], key: CommandKey, repeated: bool) -> None:
    """Carry a command out; `repeated`: somebody may have done so before without noting it.

    Raises:
        OrchestratorError: it cannot be carried out, or not now.
    """
    kind = _kind(detail_type)
    try:
        command = schemas.SCHEMAS[kind].model_validate(detail)
    except ValidationError as error:
        raise _first_of(error) from None
    caller = Caller(subject=key.source, correlation_id=command.correlation_id or key.id)
    _ACTIONS[kind](caller, command, key, repeated)


def _kind(detail_type: str) -> CommandType:
    try:
        return CommandType(detail_type)
    except ValueError:
        raise InvalidRequest("detail-type", f"must be one of {', '.join(CommandType)}") from None


def _first_of(error: ValidationError) -> InvalidRequest:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return InvalidRequest(".".join(["detail", *map(str, first["loc"])]), first["msg"])


def _start(caller: Caller, command: schemas.StartWorkflow, key: CommandKey, repeated: bool) -> None:
    identity = instance_started_by(key)
    service = instances.instance_service()
    if repeated and _exists(identity):
        return
    service.create(
        caller,
        NewInstance(
            id=identity,
            definition_id=command.workflow_definition_id,
            name=command.instance_name,
            input_variables=command.input_variables,
            context=command.execution_context.model_dump(exclude_none=True),
            configuration=Configuration(auto_start=True),
            priority=command.priority,
            business_key=command.business_key,
        ),
    )


def _exists(identity: str) -> bool:
    try:
        instances.instance_service().status(Caller(subject=identity), identity)
    except NotFound:
        return False
    return True


def _complete(caller: Caller, command: schemas.CompleteTask, _key: CommandKey, repeated: bool) -> None:
    completion = Completion(result_data=command.result_data, notes=command.completion_notes)
    try:
        tasks.task_service().complete(caller, command.task_id, completion)
    except Conflict:
        if not repeated:  # else it was this command that closed the task
            raise


def _fail(caller: Caller, command: schemas.FailTask, key: CommandKey, repeated: bool) -> None:
    if repeated and _reported(caller, command.task_id, key):
        return
    details = {**command.error_details, "command_id": key.id}
    failure = TaskFailure(
        report=Report(code=command.error_code, message=command.error_message, details=details),
        error_type=ErrorType(command.error_type),
        retryable=command.retryable,
        variables=command.variables,
    )
    tasks.task_failure_service().fail(caller, command.task_id, failure)


def _reported(caller: Caller, task_id: str, key: CommandKey) -> bool:
    """Tell whether the task's log has this very report."""
    log = tasks.task_service().get(caller, task_id).task.log
    reports: list[Mapping[str, Any]] = [line.details.get("details") or {} for line in log]
    return any(report.get("command_id") == key.id for report in reports)


def _heartbeat(caller: Caller, command: schemas.AgentHeartbeat, _key: CommandKey, _repeated: bool) -> None:
    status = AgentStatus(command.status) if command.status else None
    tasks.agent_service().heartbeat(caller, command.agent_id, status)


def _publish_message(caller: Caller, command: schemas.PublishMessage, key: CommandKey, _repeated: bool) -> None:
    new = NewMessage(
        name=command.message_name,
        correlation_key=None if command.correlation_key is None else str(command.correlation_key),
        variables=command.variables,
        time_to_live=timedelta(seconds=command.time_to_live),
        message_id=f"{key.source}#{key.id}",
    )
    publications.message_service().publish(caller, new)


def _publish_signal(caller: Caller, command: schemas.PublishSignal, key: CommandKey, _repeated: bool) -> None:
    new = NewSignal(name=command.signal_name, variables=command.variables, id=f"{key.source}#{key.id}")
    publications.signal_service().publish(caller, new)


_Action = Callable[[Caller, Any, CommandKey, bool], None]
_ACTIONS: Mapping[CommandType, _Action] = {
    CommandType.START_WORKFLOW: _start,
    CommandType.COMPLETE_TASK: _complete,
    CommandType.FAIL_TASK: _fail,
    CommandType.PUBLISH_MESSAGE: _publish_message,
    CommandType.PUBLISH_SIGNAL: _publish_signal,
    CommandType.AGENT_HEARTBEAT: _heartbeat,
}
