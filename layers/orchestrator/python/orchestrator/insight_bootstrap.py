"""The composition root of monitoring, analytics and health."""

from functools import cache

from orchestrator.adapters.dynamodb.census import DynamoDBCensus
from orchestrator.adapters.dynamodb.statistics import DynamoDBStatistics
from orchestrator.adapters.dynamodb.whole_log import DynamoDBWholeLog
from orchestrator.adapters.system import SystemClock
from orchestrator.bootstrap import event_in, is_new_event, service_settings, table
from orchestrator.services.projection import Projector, Replay

__all__ = ["census", "event_in", "is_new_event", "projector", "replay", "statistics"]


@cache
def statistics() -> DynamoDBStatistics:
    """What was counted."""
    return DynamoDBStatistics(table(), service_settings().event_retention_days)


@cache
def census() -> DynamoDBCensus:
    """What there is."""
    return DynamoDBCensus(table())


@cache
def projector() -> Projector:
    """From the stream to the statistics."""
    return Projector(projection=statistics())


def replay() -> Replay:
    """From the whole log to new statistics."""
    return Replay(log=DynamoDBWholeLog(table()), projection=statistics(), rebuilding=statistics(), clock=SystemClock())
