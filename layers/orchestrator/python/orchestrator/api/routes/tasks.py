"""Tasks (spec section 3)."""

from datetime import timedelta
from typing import Any

from orchestrator.api.app import App
from orchestrator.api.endpoints import Group
from orchestrator.api.parameters import DEFAULT_LIMIT, LARGEST_LIMIT, LARGEST_OFFSET, Parameters
from orchestrator.api.request import Request
from orchestrator.api.responses import Response, ok, pagination, stamp
from orchestrator.api.schemas.tasks import (
    AddLog,
    AnswerCall,
    CancelTask,
    ChangeClaim,
    ClaimTasks,
    CompleteTask,
    EscalateTask,
    FailTask,
    ReassignTask,
    RetryTask,
    StartTask,
)
from orchestrator.api.tasks_shape import (
    claimed_task,
    error,
    escalation,
    lock_state,
    log_line,
    reassignment,
    retry_policy,
    task_head,
    task_state,
)
from orchestrator.bootstrap.tasks import (
    callback_service,
    claim_service,
    reassignment_service,
    task_escalation_service,
    task_failure_service,
    task_service,
)
from orchestrator.domain.assignment import AgentType, Assignee
from orchestrator.domain.escalation import Raised
from orchestrator.domain.priority import Priority
from orchestrator.domain.reassignment import Reassignment
from orchestrator.domain.task import LogLevel, Task, TaskStatus
from orchestrator.domain.task_failure import Report
from orchestrator.ports.paging import Page
from orchestrator.ports.tasks import TaskQuery
from orchestrator.services.tasks.callbacks import Callback
from orchestrator.services.tasks.claims import Claim
from orchestrator.services.tasks.task_failures import ErrorType, TaskFailure
from orchestrator.services.tasks.tasks import Completion, LogEntry, LogQuery

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


@handler.route("POST", "/tasks/claim")
def claim_tasks(request: Request) -> Response:
    """Work for a worker of services, locked for it."""
    body = request.body(ClaimTasks)
    wish = Claim(
        worker_id=body.worker_id,
        services=tuple(dict.fromkeys(body.topics)),
        most=body.max_tasks,
        lock=timedelta(seconds=body.lock_duration),
        patience=timedelta(seconds=body.timeout),
    )
    return ok({"tasks": [claimed_task(record) for record in claim_service().claim(request.caller, wish)]})


@handler.route("PUT", "/tasks/claim")
def change_claim(request: Request) -> Response:
    """More time for the worker that has the task, or none: it gives the task back."""
    body = request.body(ChangeClaim)
    if body.lock_duration == 0:
        return ok(lock_state(claim_service().release(request.caller, body.task_id, body.worker_id)))
    lasting = timedelta(seconds=body.lock_duration)
    return ok(lock_state(claim_service().extend(request.caller, body.task_id, body.worker_id, lasting)))


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
        "retry_policy": retry_policy(task),
        "error": error(task),
    }
    if include_context:
        shape["execution_context"] = _context(task)
    if include_logs:
        shape["execution_logs"] = [log_line(line) for line in record.log]
    return ok(shape, version=task.revision)


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
        worker_id=body.worker_id,
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


@handler.route("POST", "/tasks/{id}/fail")
def fail_task(request: Request) -> Response:
    """A failed attempt: tried again, caught by the model, or waiting for a retry by hand."""
    body = request.body(FailTask)
    failure = TaskFailure(
        report=Report(code=body.error_code, message=body.error_message, details=body.error_details),
        error_type=ErrorType(body.error_type),
        retryable=body.retryable,
        variables=body.variables,
        worker_id=body.worker_id,
    )
    return ok(task_state(task_failure_service().fail(request.caller, request.id, failure)))


@handler.route("POST", "/tasks/{id}/escalate")
def escalate_task(request: Request) -> Response:
    """An escalation of the performer; the task goes on unless what catches it interrupts."""
    body = request.body(EscalateTask)
    raised = Raised(code=body.escalation_code, variables=body.variables, actor=request.caller.subject)
    service = task_escalation_service()
    return ok(escalation(service.escalate(request.caller, request.id, raised, worker_id=body.worker_id)))


@handler.route("POST", "/tasks/{id}/retry")
def retry_task(request: Request) -> Response:
    """Bring a failed task back; its instance goes on."""
    body = request.body(RetryTask)
    service = task_failure_service()
    return ok(task_state(service.retry(request.caller, request.id, variables=body.variables, reason=body.reason)))


@handler.route("POST", "/tasks/{id}/cancel")
def cancel_task(request: Request) -> Response:
    """Withdraw the work; task and instance are failed until the task is retried."""
    body = request.body(CancelTask)
    return ok(task_state(task_failure_service().cancel(request.caller, request.id, body.reason)))


@handler.route("POST", "/tasks/{id}/reassign")
def reassign_task(request: Request) -> Response:
    """Give a task to another performer."""
    body = request.body(ReassignTask)
    new, options = body.new_assignment, body.transition_options
    given = Reassignment(
        assignee=Assignee(agent_type=AgentType(new.agent_type), agent_id=new.agent_id, service_name=new.service_name),
        reason=new.assignment_reason,
        priority=Priority(new.priority_adjustment) if new.priority_adjustment else None,
        preserve_progress=options.preserve_progress,
        notify_previous=options.notify_previous_assignee,
        notify_new=options.notify_new_assignee,
    )
    return ok(reassignment(reassignment_service().reassign(request.caller, request.id, given)))


@handler.route("GET", "/tasks/{id}/status")
def get_task_status(request: Request) -> Response:
    """Where a task stands in its lifecycle."""
    Parameters(request.query()).done()
    return ok(task_state(task_failure_service().get(request.caller, request.id)))


@handler.route("GET", "/tasks/{id}/logs")
def get_task_logs(request: Request) -> Response:
    """The execution log, oldest line first."""
    parameters = Parameters(request.query())
    level = parameters.choice("level", LogLevel)
    since = parameters.moment("since")
    limit = parameters.number("limit", default=DEFAULT_LIMIT, least=1, most=LARGEST_LIMIT)
    offset = parameters.number("offset", default=0, least=0, most=LARGEST_OFFSET)
    parameters.done()
    page = Page(limit=limit, offset=offset)
    lines = task_service().log(request.caller, request.id, LogQuery(level=level, since=since), page)
    shown = [log_line(line) for line in lines.items]
    return ok({"task_id": request.id, "logs": shown, "pagination": pagination(lines, page)})


@handler.route("POST", "/tasks/{id}/logs")
def add_task_log(request: Request) -> Response:
    """One more line in the execution log."""
    body = request.body(AddLog)
    entry = LogEntry(level=LogLevel(body.level), message=body.message, details=body.details)
    return ok({"task_id": request.id, **log_line(task_service().add_log(request.caller, request.id, entry))})


def _context(task: Task) -> dict[str, Any]:
    names = ("project_id", "user_id", "correlation_id", "trace_id")
    return {name: task.context.get(name) for name in names}


@handler.route("POST", "/tasks/{id}/callback/{token}")
def answer_call(request: Request) -> Response:
    """A service answers later."""
    body = request.body(AnswerCall)
    failure = None
    if body.error_message is not None:
        failure = TaskFailure(
            report=Report(code=body.error_code, message=body.error_message, details=body.error_details),
            error_type=ErrorType(body.error_type),
            retryable=body.retryable,
            variables=body.variables,
        )
    callback = Callback(result_data=body.result_data, failure=failure)
    token: str = request.event["pathParameters"]["token"]
    done = callback_service().take(request.id, token, callback, correlation_id=request.correlation_id)
    return ok(task_state(done))
