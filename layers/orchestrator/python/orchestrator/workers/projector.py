"""The table's stream: new events are counted, each once however often it comes."""

from collections.abc import Mapping
from typing import Any

from orchestrator import insight_bootstrap as bootstrap
from orchestrator.observability import logger

Record = Mapping[str, Any]


def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Count a batch of stream records. What raises comes again as a whole: what was counted has its marker."""
    events = [bootstrap.event_in(record) for record in event["Records"] if bootstrap.is_new_event(record)]
    counted = bootstrap.projector().project(events)
    logger.debug("counted", events=len(events), new=counted)
    return {"batchItemFailures": []}
