"""Commands of other services (EventBridge, through SQS): each once; a bad one is set aside with its reason."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response  # pyright: ignore[reportUnknownVariableType]
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from orchestrator.bootstrap import events
from orchestrator.bootstrap.usage import observed
from orchestrator.domain.command import CommandKey
from orchestrator.domain.rejection import Rejection
from orchestrator.observability import logger, metrics
from orchestrator.workers.command_actions import carry_out

#: attribute of a message that was set aside
_REASON: Final = "reason"
_processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@observed()
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Mapping[str, Any]:
    """Take a batch; what cannot be done now comes again."""
    return process_partial_response(event=event, record_handler=_take, processor=_processor, context=context)


def _take(record: SQSRecord) -> None:
    entry: Mapping[str, Any] = record.json_body
    detail: Mapping[str, Any] = entry["detail"]
    key = CommandKey(source=entry["source"], id=str(detail.get("command_id") or entry["id"]))
    action = partial(carry_out, entry["detail-type"], detail, key)
    set_aside = partial(_set_aside, record, key)
    again = _REASON in record.message_attributes  # it comes back from the dead-letter queue
    events.inbound_service().once(key, entry["detail-type"], action, set_aside=set_aside, again=again)
    metrics.add_metric(name="CommandsTaken", unit=MetricUnit.Count, value=1)


def _set_aside(record: SQSRecord, key: CommandKey, rejection: Rejection) -> None:
    logger.warning("command rejected", source=key.source, command_id=key.id, code=rejection.code)
    metrics.add_metric(name="CommandsRejected", unit=MetricUnit.Count, value=1)
    events.rejected_commands().send(record.body, code=rejection.code, reason=rejection.message)
