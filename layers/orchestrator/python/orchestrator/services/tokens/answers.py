"""What the machine is answered about a closed task: the record decides, so every answer can be given again."""

from datetime import datetime
from typing import Any

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.task import Task, TaskStatus
from orchestrator.ports.engine import WorkflowEngine

#: error name for a task that was withdrawn with its instance
WITHDRAWN = "task.withdrawn"


def epoch_ms(moment: datetime) -> int:
    """Integer epoch milliseconds, as machines carry time."""
    return round(moment.timestamp() * 1000)


def closing_clock(task: Task) -> int:
    """The clock of the token that leaves a closed task."""
    return epoch_ms(task.completed_at or task.updated_at)


def result_answer(task: Task, result: JsonObject | None) -> dict[str, Any]:
    """The output of a completed task's token; of a wait, with the event for which it is over."""
    event = {} if task.fired_by is None else {"event": task.fired_by}
    return {"result": result or {}, "clock": closing_clock(task), **event}


def caught_answer(handler_id: str, task: Task, result: JsonObject | None) -> dict[str, Any]:
    """The error by which the token of a task goes to its handler, and the cause."""
    return {"error": f"catch.{handler_id}", "cause": {"variables": result or {}, "clock": closing_clock(task)}}


def answer(engine: WorkflowEngine, task: Task, *, token: str | None, result: JsonObject | None) -> bool:
    """Answer a closed task's token; False: nobody waits for it any more.

    What the machine interrupted, a second run interrupts again by itself: its timer is due, its error is
    raised. So the token of an interrupted task is left alone.
    """
    if token is None or task.interrupted_by is not None:
        return False
    if task.caught_by is not None:
        raised = caught_answer(task.caught_by, task, result)
        return engine.fail(token, error=raised["error"], cause=raised["cause"], task=task)
    if task.status is TaskStatus.COMPLETED:
        return engine.succeed(token, result_answer(task, result), task=task)
    return engine.fail(token, error=WITHDRAWN, cause={"task_id": task.id})
