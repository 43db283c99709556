"""Workflow instances (spec section 2)."""

from datetime import datetime
from typing import Any

from orchestrator.api.app import App
from orchestrator.api.endpoints import Group
from orchestrator.api.history_shape import history_entry
from orchestrator.api.new_instances import new_instance
from orchestrator.api.parameters import Parameters
from orchestrator.api.request import Request
from orchestrator.api.responses import Response, created, ok, pagination, stamp
from orchestrator.api.schemas.instances import CreateInstance, Performer, StartInstance, SteerInstance
from orchestrator.api.tasks_shape import current_task
from orchestrator.bootstrap.instances import history_service, instance_control_service, instance_service, now
from orchestrator.domain.assignment import AgentType, Assignee
from orchestrator.domain.instance import Configuration, Instance, InstanceStatus
from orchestrator.domain.priority import Priority
from orchestrator.domain.task import Task
from orchestrator.ports.instances import InstanceQuery
from orchestrator.services.instances.instance_control import Steered
from orchestrator.services.instances.instances import StartOptions

handler = App(Group.INSTANCES)


@handler.route("GET", "/workflow-instances")
def list_instances(request: Request) -> Response:
    """List instances, newest first."""
    parameters = Parameters(request.query())
    page = parameters.page()
    query = InstanceQuery(
        status=parameters.choice("status", InstanceStatus),
        definition_id=parameters.text("workflow_definition_id"),
        priority=parameters.choice("priority", Priority),
        project_id=parameters.text("project_id"),
        created_by=parameters.text("created_by"),
        business_key=parameters.text("business_key"),
        batch_id=parameters.text("batch_id"),
        created_after=parameters.moment("created_after"),
        created_before=parameters.moment("created_before"),
    )
    parameters.done()
    listing = instance_service().list(request.caller, query, page)
    items = [_head(instance) for instance in listing.items]
    return ok({"workflow_instances": items, "pagination": pagination(listing, page)})


@handler.route("POST", "/workflow-instances")
def create_instance(request: Request) -> Response:
    """Create an instance of the last published version, and start it if `auto_start` says so."""
    body = request.body(CreateInstance)
    work = instance_service().create(request.caller, new_instance(body))
    shape = {**_head(work.instance), "current_tasks": _current(work.tasks)}
    return created(shape, location=f"/workflow-instances/{work.instance.id}")


@handler.route("GET", "/workflow-instances/{id}")
def get_instance(request: Request) -> Response:
    """One instance with its variables and open tasks."""
    Parameters(request.query()).done()
    record = instance_service().get(request.caller, request.id)
    return ok(
        {
            **_head(record.instance),
            "current_tasks": _current(record.open_tasks),
            "input_variables": record.input_variables,
            "output_variables": record.output_variables,
            "configuration": _configuration(record.instance.configuration),
            "notifications": dict(record.instance.notifications),
        },
        version=record.instance.sequence,
    )


@handler.route("POST", "/workflow-instances/{id}/start")
def start_instance(request: Request) -> Response:
    """Start a created instance; `current_tasks` are those that appeared within a bounded moment."""
    options = request.body(StartInstance).start_options
    given = StartOptions(
        initial_assignments={element: _assignee(who) for element, who in options.initial_assignments.items()},
        priority=Priority(options.priority) if options.priority else None,
        notifications=options.notifications.model_dump() if options.notifications else None,
    )
    work = instance_service().start(request.caller, request.id, given)
    instance, progress = work.instance, work.instance.progress
    return ok(
        {
            "id": instance.id,
            "status": instance.status,
            "started_at": stamp(instance.started_at),
            "current_tasks": _current(work.tasks),
            "execution_metrics": {
                "total_tasks": progress.total,
                "completed_tasks": progress.completed,
                "failed_tasks": progress.failed,
                "progress_percentage": instance.progress_percentage,
            },
        }
    )


@handler.route("POST", "/workflow-instances/{id}/pause")
def pause_instance(request: Request) -> Response:
    """Hand out nothing new; work in hand may be done."""
    reason = request.body(SteerInstance).reason
    return ok(_steered(instance_control_service().hold(request.caller, request.id, reason), reason))


@handler.route("POST", "/workflow-instances/{id}/resume")
def resume_instance(request: Request) -> Response:
    """Hand out what was held, in order."""
    reason = request.body(SteerInstance).reason
    return ok(_steered(instance_control_service().resume(request.caller, request.id, reason), reason))


@handler.route("POST", "/workflow-instances/{id}/cancel")
def cancel_instance(request: Request) -> Response:
    """End an instance whose outcome nobody needs."""
    reason = request.body(SteerInstance).reason
    return ok(_steered(instance_control_service().cancel(request.caller, request.id, reason), reason))


@handler.route("POST", "/workflow-instances/{id}/terminate")
def terminate_instance(request: Request) -> Response:
    """End an instance that must not go on."""
    reason = request.body(SteerInstance).reason
    return ok(_steered(instance_control_service().terminate(request.caller, request.id, reason), reason))


@handler.route("GET", "/workflow-instances/{id}/status")
def get_status(request: Request) -> Response:
    """Status and progress; `current_tasks` and `execution_metrics` as asked for."""
    parameters = Parameters(request.query())
    include_tasks = parameters.flag("include_tasks", default=False)
    include_metrics = parameters.flag("include_metrics", default=True)
    parameters.done()
    work = instance_service().status(request.caller, request.id)
    shape = _status(work.instance)
    if include_tasks:
        shape["current_tasks"] = _current(work.tasks)
    if include_metrics:
        shape["execution_metrics"] = _metrics(work.instance, now())
    return ok(shape)


@handler.route("GET", "/workflow-instances/{id}/history")
def get_history(request: Request) -> Response:
    """What happened in an instance, and who did it, oldest first."""
    parameters = Parameters(request.query())
    page = parameters.page()
    parameters.done()
    listing = history_service().of(request.caller, request.id, page)
    entries = [history_entry(event) for event in listing.items]
    return ok({"workflow_instance_id": request.id, "history": entries, "pagination": pagination(listing, page)})


def _head(instance: Instance) -> dict[str, Any]:
    return {
        "id": instance.id,
        "workflow_definition_id": instance.definition_id,
        "workflow_definition_version": str(instance.definition_version),
        "instance_name": instance.name,
        "status": instance.status,
        "priority": instance.priority,
        "business_key": instance.business_key,
        "batch_id": instance.batch.batch_id if instance.batch else None,
        "created_at": stamp(instance.created_at),
        "queued_at": stamp(instance.queueing.at) if instance.queueing else None,
        "started_at": stamp(instance.started_at),
        "completed_at": stamp(instance.completed_at),
        "created_by": instance.created_by,
        "execution_context": {
            name: instance.context.get(name) for name in ("project_id", "user_id", "team_id", "environment")
        },
        "correlation_id": instance.correlation_id,
        "parent_instance_id": instance.parent.instance_id if instance.parent else None,
        **_failure(instance),
        **_cancellation(instance),
    }


def _cancellation(instance: Instance) -> dict[str, Any]:
    """Who wants it cancelled while it is compensated, and afterwards; nothing otherwise."""
    asked = instance.cancellation
    if asked is None:
        return {}
    return {"cancellation": {"requested_at": stamp(asked.at), "requested_by": asked.by, "reason": asked.reason}}


def _failure(instance: Instance) -> dict[str, Any]:
    """Why it failed, with the names of the spec's workflow_failed event; nothing otherwise."""
    failure = instance.failure
    if failure is None or instance.status is not InstanceStatus.FAILED:
        return {}
    return {
        "failure_reason": failure.reason,
        "failed_task_id": failure.failed_task_id,
        "failed_task_name": failure.failed_task_name,
        "error_details": {"error_code": failure.error_code, "message": failure.reason},
        "retry_possible": failure.retry_possible,
    }


def _status(instance: Instance) -> dict[str, Any]:
    progress = instance.progress
    return {
        "id": instance.id,
        "status": instance.status,
        "started_at": stamp(instance.started_at),
        "last_updated": stamp(instance.updated_at),
        "progress": {
            "total_tasks": progress.total,
            "completed_tasks": progress.completed,
            "failed_tasks": progress.failed,
            "running_tasks": progress.running,
            "pending_tasks": progress.pending,
            "progress_percentage": instance.progress_percentage,
        },
        **_failure(instance),
        **_cancellation(instance),
    }


def _steered(steered: Steered, reason: str | None) -> dict[str, Any]:
    instance = steered.after
    return {
        "id": instance.id,
        "status": instance.status,
        "previous_status": steered.before.status,
        "reason": reason,
        "started_at": stamp(instance.started_at),
        "paused_at": stamp(instance.paused_at),
        "completed_at": stamp(instance.completed_at),
        "last_updated": stamp(instance.updated_at),
        "affected_tasks": steered.tasks,
    }


def _metrics(instance: Instance, moment: datetime) -> dict[str, Any]:
    """CPU and memory of one instance cannot be measured: its work happens in other people's processes."""
    return {
        "average_task_duration": instance.progress.average_task_duration,
        "total_execution_time": instance.execution_seconds(moment),
        "resource_utilization": {"cpu_usage": None, "memory_usage": None},
    }


def _current(tasks: tuple[Task, ...]) -> list[dict[str, Any]]:
    return [current_task(task) for task in tasks]


def _configuration(configuration: Configuration) -> dict[str, Any]:
    policy = configuration.retry_policy
    return {
        "auto_start": configuration.auto_start,
        "parallel_execution": configuration.parallel_execution,
        "retry_policy": None
        if policy is None
        else {"max_retries": policy.max_retries, "backoff_strategy": policy.backoff_strategy},
    }


def _assignee(performer: Performer) -> Assignee:
    return Assignee(
        agent_type=AgentType(performer.agent_type),
        agent_id=performer.agent_id,
        service_name=performer.service_name,
    )
