"""Every minute (a rule of EventBridge): start what the timers of start events say."""

from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from orchestrator import bootstrap
from orchestrator.observability import logger

#: a sweep stops this long before the function would be stopped
RESERVE_MS: Final = 10_000


@bootstrap.observed()
def handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Sweep the timers."""

    def has_time() -> bool:
        return context.get_remaining_time_in_millis() > RESERVE_MS

    started = bootstrap.start_timers().sweep(has_time)
    if started:
        logger.info("timers fired", instances=started)
    return {"instances": started}
