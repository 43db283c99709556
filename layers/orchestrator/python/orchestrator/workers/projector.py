"""The table's stream: new events are counted, each once however often it comes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aws_lambda_powertools.metrics import MetricUnit

from orchestrator.bootstrap import projection
from orchestrator.bootstrap.usage import observed
from orchestrator.domain.events import Event, EventType
from orchestrator.observability import logger, metrics

Record = Mapping[str, Any]
#: what alarms and the dashboard look at, as metrics of CloudWatch
_TOLD: Final = {
    EventType.WORKFLOW_REBUILT: "WorkflowsRebuilt",
    EventType.WORKFLOW_FAILED: "WorkflowsFailed",
    EventType.WORKFLOW_COMPLETED: "WorkflowsCompleted",
    EventType.TASK_FAILED: "TasksFailed",
}


@observed()
def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Count a batch of stream records. What raises comes again as a whole: what was counted has its marker."""
    events = [projection.event_in(record) for record in event["Records"] if projection.is_new_event(record)]
    counted = projection.projector().project(events)
    logger.debug("counted", events=len(events), new=counted)
    _tell(events)
    return {"batchItemFailures": []}


def _tell(events: Sequence[Event]) -> None:
    """Metrics are for alarms: a batch that comes again may be told twice."""
    for name, number in Counter(_TOLD[event.type] for event in events if event.type in _TOLD).items():
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=number)
    if metrics.metric_set:
        metrics.flush_metrics()
