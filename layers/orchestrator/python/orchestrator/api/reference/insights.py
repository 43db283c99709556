"""Reference of the monitoring and analytics endpoints (spec section 5)."""

from typing import Final

from orchestrator.api.parameters import DEFAULT_LIMIT, LARGEST_LIMIT
from orchestrator.api.reference.derived import shape_of
from orchestrator.api.reference.operation import Operation, Operations, Query, choice, text
from orchestrator.api.reference.shapes import Count, Percentage, Seconds, Timestamp
from orchestrator.api.schemas import Shape
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.measurement.buckets import Granularity, Period, TimeRange
from orchestrator.domain.priority import Priority
from orchestrator.services.insights.activity import ACTIVE, ResourceUsage
from orchestrator.services.insights.analytics import TaskDistribution, WorkflowPerformance
from orchestrator.services.insights.failures import FailureAnalysis
from orchestrator.services.insights.performance import Performance

_ALL_PROJECTS = " Statistics cover all projects, so tokens confined to some are refused with 403."
_DEFINITION = text("workflow_definition_id", "Only this definition; one that nothing ran of has no figures")
_PERIOD = choice("period", Period, "How far back, in whole days: 7, 30 or 90; month if not given")


class ActiveProgress(Shape):
    """Tasks of an instance by how far they are."""

    total_tasks: Count
    completed_tasks: Count
    failed_tasks: Count
    running_tasks: Count
    pending_tasks: int
    progress_percentage: Percentage


class ActiveInstance(Shape):
    """One instance; `running_time` in seconds since its start."""

    id: str
    workflow_definition_id: str
    definition_version: str
    instance_name: str
    status: InstanceStatus
    priority: Priority
    created_at: Timestamp
    started_at: Timestamp | None
    running_time: Seconds | None
    progress: ActiveProgress
    failure_reason: str | None


class ActiveSummary(Shape):
    """How many instances are active, and how many of them are shown."""

    total: Count
    shown: Count
    by_status: dict[InstanceStatus, Count]
    total_is_exact: bool


class ActiveInstances(Shape):
    """The newest active instances."""

    timestamp: Timestamp
    active_workflows: list[ActiveInstance]
    summary: ActiveSummary


OPERATIONS: Final[Operations] = {
    ("GET", "/monitoring/active-workflows"): Operation(
        description="What runs now, newest first, in the caller's projects. For more than `limit` list the instances.",
        answer=ActiveInstances,
        query=(
            choice("status", ACTIVE, "Only instances in this status"),
            text("workflow_definition_id", "Only instances of this definition"),
            Query(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT},
                "Number of instances to show",
            ),
        ),
    ),
    ("GET", "/monitoring/performance"): Operation(
        description="Totals of a time range, and its trend without holes." + _ALL_PROJECTS,
        answer=shape_of(Performance),
        query=(
            choice("time_range", TimeRange, "How far back; 24h if not given"),
            choice("granularity", Granularity, "Width of a point of the trend, 1,500 at most; hour if not given"),
            _DEFINITION,
        ),
    ),
    ("GET", "/monitoring/resource-usage"): Operation(
        description="What functions and performers used in the last hour." + _ALL_PROJECTS,
        answer=shape_of(ResourceUsage),
    ),
    ("GET", "/analytics/workflow-performance"): Operation(
        description="How workflows performed, where time is lost, and what would help." + _ALL_PROJECTS,
        answer=shape_of(WorkflowPerformance),
        query=(_PERIOD, _DEFINITION),
    ),
    ("GET", "/analytics/task-distribution"): Operation(
        description="How tasks are distributed over types, priorities, performers and definitions." + _ALL_PROJECTS,
        answer=shape_of(TaskDistribution),
        query=(_PERIOD, _DEFINITION),
    ),
    ("GET", "/analytics/failure-analysis"): Operation(
        description="What failed, where and since when, and what to do about it." + _ALL_PROJECTS,
        answer=shape_of(FailureAnalysis),
        query=(_PERIOD, _DEFINITION),
    ),
}
