"""Steps of deliveries: the requests of a batch are made side by side, so that none waits for a slow receiver."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import AsyncBatchProcessor, EventType, async_process_partial_response  # pyright: ignore[reportUnknownVariableType]
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from orchestrator.bootstrap import events
from orchestrator.bootstrap.usage import observed
from orchestrator.observability import metrics

_processor = AsyncBatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@observed()
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Mapping[str, Any]:
    """Take a batch; what fails comes again."""
    return async_process_partial_response(event=event, record_handler=_step, processor=_processor, context=context)


async def _step(record: SQSRecord) -> None:
    message = events.delivery_message(record.json_body)
    redelivered = int(record.attributes.approximate_receive_count) > 1
    worker = events.delivery_worker()
    delivery = await asyncio.to_thread(worker.step, message, redelivered=redelivered)
    if delivery is not None:
        age = (datetime.now(UTC) - delivery.created_at).total_seconds() * 1000
        metrics.add_metric(name="UndeliveredAge", unit=MetricUnit.Milliseconds, value=max(0.0, age))
