"""What an invocation costs, measured around it."""

from collections.abc import Generator
from contextlib import contextmanager

from orchestrator.adapters.system import SystemClock
from orchestrator.bootstrap.aws import service_settings, table
from orchestrator.observability import logger, meter


@contextmanager
def observed() -> Generator[None]:
    """Measure an invocation; from time to time the measurements of this process go to the statistics.

    A measurement that cannot be written is lost, never the answer.
    """
    with meter.invocation():
        yield
    if meter.is_due:
        try:
            _report_usage()
        except Exception:  # noqa: BLE001 - see above
            logger.warning("usage was not reported", exc_info=True)
        meter.reset()


def _report_usage() -> None:
    from orchestrator.adapters.dynamodb.statistics import DynamoDBStatistics  # noqa: PLC0415 - seldom needed
    from orchestrator.domain.measurement.usage import Usage  # noqa: PLC0415

    limit = meter.memory_limit_mb()
    if meter.function is None or limit is None:
        return
    usage = Usage(
        function=meter.function,
        wall=meter.wall,
        cpu=meter.cpu,
        invocations=meter.invocations,
        peak_memory_mb=meter.peak_memory_mb(),
        memory_limit_mb=limit,
        requests=tuple(meter.requests),
        queries=tuple(meter.queries),
    )
    DynamoDBStatistics(table(), service_settings().event_retention_days).write(SystemClock().now(), usage)
    meter.emit()
