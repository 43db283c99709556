"""Monitoring and analytics (spec section 5). Statistics cover all projects: callers confined to some are refused."""

from orchestrator.api.app import App
from orchestrator.api.confinement import require_everything
from orchestrator.api.endpoints import Group
from orchestrator.api.insights_shape import active_workflows, shaped
from orchestrator.api.parameters import DEFAULT_LIMIT, LARGEST_LIMIT, Parameters
from orchestrator.api.request import Request
from orchestrator.api.responses import Response, ok
from orchestrator.bootstrap.insights import activity, analytics, failures, performance
from orchestrator.domain.errors import InvalidRequest
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.measurement.buckets import Granularity, Period, TimeRange
from orchestrator.services.insights.activity import ACTIVE

handler = App(Group.INSIGHTS)


@handler.route("GET", "/monitoring/active-workflows")
def get_active_workflows(request: Request) -> Response:
    """What runs now; those of the caller's projects."""
    parameters = Parameters(request.query())
    status = parameters.choice("status", InstanceStatus)
    definition_id = parameters.text("workflow_definition_id")
    limit = parameters.number("limit", default=DEFAULT_LIMIT, least=1, most=LARGEST_LIMIT)
    parameters.done()
    if status is not None and status not in ACTIVE:
        raise InvalidRequest("status", f"must be one of {', '.join(ACTIVE)}")
    found = activity().active_workflows(request.caller, status=status, definition_id=definition_id, limit=limit)
    return ok(active_workflows(found))


@handler.route("GET", "/monitoring/performance")
def get_performance(request: Request) -> Response:
    """Totals of a range and its trend."""
    parameters = Parameters(request.query())
    time_range = parameters.choice("time_range", TimeRange) or TimeRange.DAY
    granularity = parameters.choice("granularity", Granularity) or Granularity.HOUR
    definition_id = parameters.text("workflow_definition_id")
    parameters.done()
    require_everything(request.caller)
    return ok(shaped(performance().performance(time_range, granularity, definition_id=definition_id)))


@handler.route("GET", "/monitoring/resource-usage")
def get_resource_usage(request: Request) -> Response:
    """What functions and performers used in the last hour."""
    Parameters(request.query()).done()
    require_everything(request.caller)
    return ok(shaped(activity().resource_usage()))


@handler.route("GET", "/analytics/workflow-performance")
def get_workflow_performance(request: Request) -> Response:
    """How workflows performed, and what would make them faster."""
    parameters = Parameters(request.query())
    period = parameters.choice("period", Period) or Period.MONTH
    definition_id = parameters.text("workflow_definition_id")
    parameters.done()
    require_everything(request.caller)
    return ok(shaped(analytics().workflow_performance(period, definition_id=definition_id)))


@handler.route("GET", "/analytics/task-distribution")
def get_task_distribution(request: Request) -> Response:
    """How tasks were distributed over types, priorities, agents and definitions."""
    parameters = Parameters(request.query())
    period = parameters.choice("period", Period) or Period.MONTH
    definition_id = parameters.text("workflow_definition_id")
    parameters.done()
    require_everything(request.caller)
    return ok(shaped(analytics().task_distribution(period, definition_id=definition_id)))


@handler.route("GET", "/analytics/failure-analysis")
def get_failure_analysis(request: Request) -> Response:
    """What failed, where and since when."""
    parameters = Parameters(request.query())
    period = parameters.choice("period", Period) or Period.MONTH
    definition_id = parameters.text("workflow_definition_id")
    parameters.done()
    require_everything(request.caller)
    return ok(shaped(failures().analysis(period, definition_id=definition_id)))
