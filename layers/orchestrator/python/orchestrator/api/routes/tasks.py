"""Tasks (spec section 3)."""

from typing import Any

from orchestrator.api.app import App
from orchestrator.api.endpoints import Group
from orchestrator.api.parameters import Parameters
from orchestrator.api.request import Request
from orchestrator.api.responses import Response, ok, pagination, stamp
from orchestrator.api.schemas.tasks import CompleteTask, StartTask
from orchestrator.api.tasks_shape import task_head
from orchestrator.bootstrap import task_service
from orchestrator.domain.priority import Priority
from orchestrator.domain.task import LogLine, Task, TaskStatus
from orchestrator.ports import TaskQuery
from orchestrator.services.tasks import Completion

handler = App(Group.TASKS)


@handler.route("GET", "/tasks")
def list_tasks(request: Request) -> Response:
    """List tasks, newest first."""
    parameters = Parameters(request.query())
    page = parameters.page()
    query = TaskQuery(
        status=parameters.choice("status", TaskStatus),
        type=parameters.text("type"),
        assignee=parameters.text("assignee"),
        instance_id=parameters.text("workflow_instance_id"),
        priority=parameters.choice("priority", Priority),
        due_before=parameters.moment("due_before"),
    )
    parameters.done()
    listing = task_service().list(request.caller, query, page)
    return ok({"tasks": [task_head(task) for task in listing.items], "pagination": pagination(listing, page)})


@handler.route("GET", "/tasks/{id}")
def get_task(request: Request) -> Response:
    """One task with its data; logs and context as asked for."""
    parameters = Parameters(request.query())
    include_logs = parameters.flag("include_logs", default=False)
    include_context = parameters.flag("include_context", default=True)
    parameters.done()
    record = task_service().get(request.caller, request.id)
    task = record.task
    shape = {
        **task_head(task),
        "form": task.form,
        "input_data": record.input_data,
        "result_data": record.result_data,
        "completion_notes": task.completion_notes,
        "retry_policy": _retry_policy(task),
        "error": _error(task),
    }
    if include_context:
        shape["execution_context"] = _context(task)
    if include_logs:
        shape["execution_logs"] = [_log_line(line) for line in task.log]
    return ok(shape)


@handler.route("POST", "/tasks/{id}/start")
def start_task(request: Request) -> Response:
    """Begin work; a task without assignee becomes the caller's."""
    request.body(StartTask)
    return ok(task_head(task_service().start(request.caller, request.id)))


@handler.route("POST", "/tasks/{id}/complete")
def complete_task(request: Request) -> Response:
    """Close a task with its result; the machine goes on."""
    body = request.body(CompleteTask)
    completion = Completion(
        result_data=body.result_data,
        notes=body.completion_notes,
        next_actions=tuple(action.model_dump(exclude_none=True) for action in body.next_actions),
    )
    done = task_service().complete(request.caller, request.id, completion)
    return ok(
        {
            "id": done.task.id,
            "status": done.task.status,
            "completed_at": stamp(done.task.completed_at),
            "execution_time": done.task.execution_seconds,
            "result_summary": {
                "success": done.summary.success,
                "data_size": done.summary.data_size,
                "quality_score": done.summary.quality_score,
            },
            "triggered_actions": [
                {
                    "action": action.action,
                    "target_task_id": action.target_task_id,
                    "timestamp": stamp(action.timestamp),
                }
                for action in done.triggered
            ],
        }
    )


def _retry_policy(task: Task) -> dict[str, Any]:
    return {
        "max_retries": task.retry_policy.max_retries,
        "current_attempt": task.attempt,
        "backoff_strategy": task.retry_policy.backoff_strategy,
        "next_retry_at": stamp(task.next_retry_at),
    }


def _error(task: Task) -> dict[str, Any] | None:
    incident = task.incident
    return {"error_code": incident.code, "message": incident.message} if incident else None


def _context(task: Task) -> dict[str, Any]:
    names = ("project_id", "user_id", "correlation_id", "trace_id")
    return {name: task.context.get(name) for name in names}


def _log_line(line: LogLine) -> dict[str, Any]:
    return {
        "timestamp": stamp(line.timestamp),
        "level": line.level,
        "message": line.message,
        "details": dict(line.details),
    }
