"""Commands of other services (EventBridge, through SQS): each once; a bad one is set aside with its reason."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response  # pyright: ignore[reportUnknownVariableType]
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from orchestrator import event_bootstrap as bootstrap
from orchestrator.domain.caller import Caller
from orchestrator.domain.command import CommandKey, CommandType, Rejection
from orchestrator.domain.errors import Conflict, InvalidRequest, NotFound
from orchestrator.domain.instance import Configuration
from orchestrator.observability import logger, metrics
from orchestrator.services.inbound import instance_started_by
from orchestrator.services.instances import NewInstance
from orchestrator.services.tasks import Completion
from orchestrator.workers import command_schemas as schemas

#: attribute of a message that was set aside
_REASON: Final = "reason"
_processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Mapping[str, Any]:
    """Take a batch; what cannot be done now comes again."""
    return process_partial_response(event=event, record_handler=_take, processor=_processor, context=context)


def _take(record: SQSRecord) -> None:
    entry: Mapping[str, Any] = record.json_body
    detail: Mapping[str, Any] = entry["detail"]
    key = CommandKey(source=entry["source"], id=str(detail.get("command_id") or entry["id"]))
    action = partial(_carry_out, entry["detail-type"], detail, key)
    set_aside = partial(_set_aside, record, key)
    again = _REASON in record.message_attributes  # it comes back from the dead-letter queue
    bootstrap.inbound_service().once(key, entry["detail-type"], action, set_aside=set_aside, again=again)
    metrics.add_metric(name="CommandsTaken", unit=MetricUnit.Count, value=1)


def _set_aside(record: SQSRecord, key: CommandKey, rejection: Rejection) -> None:
    logger.warning("command rejected", source=key.source, command_id=key.id, code=rejection.code)
    metrics.add_metric(name="CommandsRejected", unit=MetricUnit.Count, value=1)
    bootstrap.rejected_commands().send(record.body, code=rejection.code, reason=rejection.message)


def _carry_out(detail_type: str, detail: Mapping[str, Any], key: CommandKey, repeated: bool) -> None:
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
    service = bootstrap.instance_service()
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
        bootstrap.instance_service().status(Caller(subject=identity), identity)
    except NotFound:
        return False
    return True


def _complete(caller: Caller, command: schemas.CompleteTask, _key: CommandKey, repeated: bool) -> None:
    completion = Completion(result_data=command.result_data, notes=command.completion_notes)
    try:
        bootstrap.task_service().complete(caller, command.task_id, completion)
    except Conflict:
        if not repeated:  # else it was this command that closed the task
            raise


def _unsupported(_caller: Caller, command: schemas.Command, _key: CommandKey, _repeated: bool) -> None:
    raise InvalidRequest("detail-type", f"{type(command).__name__} is not supported by this version")


_Action = Callable[[Caller, Any, CommandKey, bool], None]
_ACTIONS: Mapping[CommandType, _Action] = {
    CommandType.START_WORKFLOW: _start,
    CommandType.COMPLETE_TASK: _complete,
    CommandType.FAIL_TASK: _unsupported,
    CommandType.PUBLISH_MESSAGE: _unsupported,
    CommandType.PUBLISH_SIGNAL: _unsupported,
    CommandType.AGENT_HEARTBEAT: _unsupported,
}
