"""Status changes of executions (EventBridge, through SQS), and the schedule that compares all live instances."""

from collections.abc import Mapping
from typing import Any, Final

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,  # pyright: ignore[reportUnknownVariableType]
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from orchestrator.bootstrap import machines, publications, tasks
from orchestrator.bootstrap.usage import observed
from orchestrator.observability import logger
from orchestrator.ports.engine import ExecutionStatus
from orchestrator.services.machines.execution_watch import Ended

#: a walk over the instances stops this long before the function would be stopped
RESERVE_MS: Final = 15_000
_WATCHED: Final = frozenset({ExecutionStatus.FAILED, ExecutionStatus.TIMED_OUT, ExecutionStatus.ABORTED})
_processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@observed()
def handler(event: dict[str, Any], context: LambdaContext) -> Mapping[str, Any]:
    """Take a batch of status changes, or a scheduled event."""
    if "Records" not in event:
        return _reconcile(context)
    return process_partial_response(event=event, record_handler=_changed, processor=_processor, context=context)


def _reconcile(context: LambdaContext) -> dict[str, int]:
    def has_time() -> bool:
        return context.get_remaining_time_in_millis() > RESERVE_MS

    seen = machines.execution_watch().reconcile(has_time)
    messages = publications.message_service().look_after(has_time)
    given = tasks.assignment_sweep().run(has_time)
    logger.info("reconciled", instances=seen, messages=messages, tasks_assigned=given)
    return {"instances": seen, "messages": messages}


def _changed(record: SQSRecord) -> None:
    detail: Mapping[str, Any] = record.json_body["detail"]
    status = ExecutionStatus(detail["status"])
    if status not in _WATCHED:
        return
    end = Ended(status=status, error=detail.get("error"), cause=detail.get("cause"))
    logger.warning("execution ended", execution=detail["name"], status=status, error=end.error, cause=end.cause)
    machines.execution_watch().ended(detail["name"], end)
