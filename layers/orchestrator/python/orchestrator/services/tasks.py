"""Use cases of tasks."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orchestrator.domain.caller import Caller
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.ids import TaskId
from orchestrator.domain.task import Task
from orchestrator.ports import (
    Clock,
    Ids,
    InstanceStore,
    Listing,
    Page,
    Pause,
    TaskQuery,
    TaskRecord,
    TaskStore,
    WorkflowEngine,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """The body of a completion. `next_actions` are wishes: the machine decides what follows."""

    result_data: JsonObject = field(default_factory=dict[str, Any])
    notes: str | None = None
    next_actions: tuple[JsonObject, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSummary:
    """`data_size` in bytes of JSON; `quality_score` as the result's metadata states it, else None."""

    success: bool
    data_size: int
    quality_score: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggeredAction:
    """What really followed a completion within the bounded wait."""

    action: str
    timestamp: datetime
    target_task_id: TaskId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedTask:
    """The answer to a completion."""

    task: Task
    summary: ResultSummary
    triggered: tuple[TriggeredAction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskService:
    """Observe, start and complete tasks."""

    tasks: TaskStore
    instances: InstanceStore
    engine: WorkflowEngine
    clock: Clock
    ids: Ids
    pause: Pause
    triggered_wait_ms: int

    def list(self, caller: Caller, query: TaskQuery, page: Page) -> Listing[Task]:
        """One page of the tasks that the caller may see, newest first."""
        raise NotImplementedError

    def get(self, caller: Caller, task_id: str) -> TaskRecord:
        """The task with input and result; its execution log is `task.log`.

        Raises:
            NotFound: no such task that the caller may see.
        """
        raise NotImplementedError

    def start(self, caller: Caller, task_id: str) -> Task:
        """Begin work; a task without assignee becomes the caller's.

        Raises:
            NotFound: no such task that the caller may see.
            Conflict: it is running or closed already (details: `task_id`).
        """
        raise NotImplementedError

    def complete(self, caller: Caller, task_id: str, completion: Completion) -> CompletedTask:
        """Close an open task with its result and let the machine go on.

        Raises:
            NotFound: no such task that the caller may see.
            Conflict: it is closed already; the first result stands (details: `task_id`).
            PayloadTooLarge: the result exceeds the limit.
        """
        raise NotImplementedError
