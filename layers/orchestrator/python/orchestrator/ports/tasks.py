"""The record of tasks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.ids import InstanceId, TaskId
from orchestrator.domain.instance import Instance
from orchestrator.domain.priority import Priority
from orchestrator.domain.task import LogLine, Task, TaskStatus
from orchestrator.ports.paging import Listing, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskQuery:
    """Filters of the task list. `assignee` is an agent id or service name."""

    status: TaskStatus | None = None
    type: str | None = None
    assignee: str | None = None
    instance_id: str | None = None
    priority: Priority | None = None
    due_before: datetime | None = None
    visible_projects: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRecord:
    """A task with its data, and the lines that callers added to its log."""

    task: Task
    input_data: JsonObject
    result_data: JsonObject | None = None
    added_log: tuple[LogLine, ...] = ()

    @property
    def log(self) -> tuple[LogLine, ...]:
        """The whole execution log, oldest line first."""
        return tuple(sorted((*self.task.log, *self.added_log), key=lambda line: line.timestamp))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskUnit:
    """What a decision about a task needs: the task (None: not there yet), its instance, token and result."""

    instance: Instance
    task: Task | None = None
    token: str | None = None
    result_data: JsonObject | None = None


class TaskStore(Protocol):
    """Tasks as they are read; they change through `InstanceStore.commit`."""

    def load(self, task_id: str) -> TaskRecord:
        """A task with its data in one read. Raises NotFound."""
        ...

    def load_unit(self, instance_id: InstanceId, task_id: TaskId) -> TaskUnit:
        """Task (if any), instance, token and result in one consistent read. Raises NotFound: no such instance."""
        ...

    def list(self, query: TaskQuery, page: Page) -> Listing[Task]:
        """Newest first."""
        ...

    def due_work(self, service: str, *, now: datetime, most: int) -> tuple[Task, ...]:
        """Tasks that workers of a service may claim now, longest due first, as they were a moment ago."""
        ...

    def attach(self, task: Task, *, token: str, execution: str) -> None:
        """Give an unanswered task the token of a newer run. Raises StaleRecord: it has been answered since."""
        ...

    def unanswered(self, instance_id: InstanceId) -> tuple[TaskUnit, ...]:
        """Closed tasks whose token's answer was never confirmed."""
        ...

    def add_log(self, task: Task, line: LogLine) -> bool:
        """Add a caller's line to the task's log; False: it holds as many as it may."""
        ...

    def confirm_answer(self, task_id: TaskId) -> None:
        """Note that the machine has the answer."""
        ...
