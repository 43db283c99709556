"""Slots that became free and instances that were queued (EventBridge, through SQS), schedules, and jobs.

What an event says does not matter: a round gives everybody a turn who waits, so a batch of events is one round.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,  # pyright: ignore[reportUnknownVariableType]
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from orchestrator.bootstrap import admission as execution
from orchestrator.bootstrap import publications
from orchestrator.bootstrap.usage import observed
from orchestrator.observability import logger

#: a round stops this long before the function would be stopped
RESERVE_MS: Final = 10_000
_processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@observed()
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """The jobs of a batch of messages, each for itself, then one round; a round that raises brings all back."""

    def has_time() -> bool:
        return context.get_remaining_time_in_millis() > RESERVE_MS

    failures: Any = {"batchItemFailures": []}
    if "Records" in event:
        failures = process_partial_response(
            event=event, record_handler=partial(_job, has_time), processor=_processor, context=context
        )
    else:
        _sweep(has_time)
    _round(has_time)
    return failures


def _sweep(has_time: Callable[[], bool]) -> None:
    """Start what the timers of start events say; the schedules meet here each minute."""
    started = publications.start_timers().sweep(has_time)
    if started:
        logger.info("timers fired", instances=started)


def _job(has_time: Callable[[], bool], record: SQSRecord) -> None:
    batch_id = execution.batch_in(record.json_body)
    if batch_id is not None:
        execution.batch_launcher().go_on(batch_id, has_time)
    job = execution.job_in(record.json_body)
    if job is not None:
        logger.info("job", action=job.steering.action, instances=len(job.instance_ids))
        execution.bulk_service().carry_out(job, has_time)


def _round(has_time: Callable[[], bool]) -> None:
    """Those who had no turn when time was up are left to the next."""
    execution.reservations().settle()
    done = execution.queue_worker().admit(has_time)
    logger.info("admitted", instances=len(done.admitted), has_more=done.has_more)
    if done.has_more:
        execution.admission_queue().wake()
