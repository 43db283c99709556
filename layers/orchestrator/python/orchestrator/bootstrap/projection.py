"""From the event log to the statistics: as events come, or all of them anew."""

from functools import cache

from orchestrator.adapters.dynamodb.statistics import DynamoDBStatistics
from orchestrator.adapters.dynamodb.stream import event_in, is_new_event
from orchestrator.adapters.dynamodb.whole_log import DynamoDBWholeLog
from orchestrator.adapters.system import SystemClock
from orchestrator.bootstrap.aws import service_settings, table
from orchestrator.services.events.projection import Projector, Replay

__all__ = ["event_in", "is_new_event", "projector", "replay", "statistics"]


@cache
def statistics() -> DynamoDBStatistics:
    """What is counted by hour and day."""
    return DynamoDBStatistics(table(), service_settings().event_retention_days)


@cache
def projector() -> Projector:
    """From the stream to the statistics."""
    return Projector(projection=statistics())


def replay() -> Replay:
    """From the whole log to new statistics."""
    return Replay(log=DynamoDBWholeLog(table()), projection=statistics(), rebuilding=statistics(), clock=SystemClock())
