"""Events off the bus (through SQS): a delivery for each webhook that wants one."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response  # pyright: ignore[reportUnknownVariableType]
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from orchestrator.bootstrap import events
from orchestrator.bootstrap.usage import observed
from orchestrator.domain.cloud_event import arrival
from orchestrator.observability import metrics

_processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@observed()
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Mapping[str, Any]:
    """Take a batch; what fails comes again."""
    return process_partial_response(event=event, record_handler=_distribute, processor=_processor, context=context)


def _distribute(record: SQSRecord) -> None:
    arrived = arrival(record.json_body["detail"])
    events.fan_out_service().distribute(arrived)
    lag = (datetime.now(UTC) - arrived.occurrence.at).total_seconds() * 1000
    metrics.add_metric(name="OutboxLag", unit=MetricUnit.Milliseconds, value=max(0.0, lag))
