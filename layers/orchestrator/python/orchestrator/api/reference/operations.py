"""All operations, by method and path."""

from typing import Final

from orchestrator.api.reference import (
    ad_hoc,
    definitions,
    events,
    execution,
    health,
    insights,
    instances,
    messages,
    resources,
    tasks,
)
from orchestrator.api.reference.operation import Operations

OPERATIONS: Final[Operations] = {
    **definitions.OPERATIONS,
    **instances.OPERATIONS,
    **ad_hoc.OPERATIONS,
    **tasks.OPERATIONS,
    **execution.OPERATIONS,
    **messages.OPERATIONS,
    **events.OPERATIONS,
    **insights.OPERATIONS,
    **resources.OPERATIONS,
    **health.OPERATIONS,
}
