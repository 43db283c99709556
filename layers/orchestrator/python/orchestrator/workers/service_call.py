"""Service tasks (EventBridge, through SQS): the requests of a batch are made side by side."""

import asyncio
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.batch import AsyncBatchProcessor, EventType, async_process_partial_response  # pyright: ignore[reportUnknownVariableType]
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from orchestrator.bootstrap.resources import service_caller
from orchestrator.bootstrap.usage import observed
from orchestrator.domain.ids import TaskId

_processor = AsyncBatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@observed()
def handler(event: dict[str, Any], context: LambdaContext) -> Mapping[str, Any]:
    """Take a batch; what fails comes again."""
    return async_process_partial_response(event=event, record_handler=_step, processor=_processor, context=context)


async def _step(record: SQSRecord) -> None:
    await asyncio.to_thread(service_caller().step, _task_id(record.json_body))


def _task_id(message: Mapping[str, Any]) -> TaskId:
    """An event about the task on the bus, or a message of ours about a later look."""
    body: Mapping[str, Any] = message["detail"]["data"] if "detail" in message else message
    return TaskId(body["task_id"])
