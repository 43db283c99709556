"""Slots that became free and instances that were queued (EventBridge, through SQS), and the repair schedule.

What an event says does not matter: a round gives everybody a turn who waits, so a batch of events is one round.
"""

from collections.abc import Callable
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from orchestrator import bootstrap
from orchestrator.observability import logger

#: a round stops this long before the function would be stopped
RESERVE_MS: Final = 10_000


@bootstrap.observed()
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """One round for a batch of messages, or by schedule; what raises comes again as a whole."""

    def has_time() -> bool:
        return context.get_remaining_time_in_millis() > RESERVE_MS

    logger.info("admission", messages=len(event.get("Records", ())))
    _round(has_time)
    return {"batchItemFailures": []}


def _round(has_time: Callable[[], bool]) -> None:
    """Those who had no turn when time was up are left to the next."""
    done = bootstrap.queue_worker().admit(has_time)
    logger.info("admitted", instances=len(done.admitted), has_more=done.has_more)
    if done.has_more:
        bootstrap.admission_queue().wake()
