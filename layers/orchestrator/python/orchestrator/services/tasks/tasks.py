"""Use cases of tasks."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from orchestrator.domain import instance_lifecycle, task_lifecycle
from orchestrator.domain.caller import Caller
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.errors import Conflict, NotFound, PayloadTooLarge, Unavailable
from orchestrator.domain.events import Happening
from orchestrator.domain.ids import InstanceId, TaskId, instance_of
from orchestrator.domain.instance import LIVE, Instance, InstanceStatus
from orchestrator.domain.task import RESOURCE, UNANSWERED, LogLevel, LogLine, Task
from orchestrator.domain.task_lock import require_lock
from orchestrator.ports.engine import WorkflowEngine
from orchestrator.ports.environment import Clock, Ids, Pause
from orchestrator.ports.instances import InstanceStore, OpenWork
from orchestrator.ports.paging import Listing, Page
from orchestrator.ports.tasks import TaskQuery, TaskRecord, TaskStore, TaskUnit
from orchestrator.ports.transitions import TaskTransition
from orchestrator.services.payloads import size_of, within_limit
from orchestrator.services.settling import AFTER_COMPLETION, settled
from orchestrator.services.tokens.answers import answer
from orchestrator.services.unit_of_work import decided, instance_transition

#: where a result's metadata may state its quality, first found counts
QUALITY_FIELDS: Final = ("quality_score", "model_confidence", "confidence")
#: bytes of the details of a line that a caller adds
LOG_DETAILS_LIMIT: Final = 1024
#: from the lightest
_WEIGHTS: Final = tuple(LogLevel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """The body of a completion. `next_actions` are wishes: the machine decides what follows.

    `details` go into the line of the execution log.
    """

    result_data: JsonObject = field(default_factory=dict[str, Any])
    notes: str | None = None
    next_actions: tuple[JsonObject, ...] = ()
    worker_id: str | None = None
    details: JsonObject = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuery:
    """Filters of an execution log: lines of at least this weight, from this moment on."""

    level: LogLevel | None = None
    since: datetime | None = None

    def matches(self, line: LogLine) -> bool:
        """Tell whether a line is asked for."""
        if self.since is not None and line.timestamp < self.since:
            return False
        return self.level is None or _WEIGHTS.index(line.level) >= _WEIGHTS.index(self.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """What a caller adds to an execution log."""

    level: LogLevel
    message: str
    details: JsonObject


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
        return self.tasks.list(replace(query, visible_projects=caller.project_ids), page)

    def get(self, caller: Caller, task_id: str) -> TaskRecord:
        """The task with input, result and execution log.

        Raises:
            NotFound: no such task that the caller may see.
        """
        record = self.tasks.load(task_id)
        if not caller.sees(record.task.project_id):
            raise NotFound(RESOURCE, task_id)
        return record

    def log(self, caller: Caller, task_id: str, query: LogQuery, page: Page) -> Listing[LogLine]:
        """One page of the task's execution log, oldest line first; the latest lines are kept.

        Raises:
            NotFound: no such task that the caller may see.
        """
        lines = [line for line in self.get(caller, task_id).log if query.matches(line)]
        end = page.offset + page.limit
        return Listing(items=tuple(lines[page.offset : end]), total=len(lines), has_more=end < len(lines))

    def add_log(self, caller: Caller, task_id: str, entry: LogEntry) -> LogLine:
        """Add a line to the task's execution log, whatever its status.

        Raises:
            NotFound: no such task that the caller may see.
            Conflict: callers have added as many lines as the log takes.
            PayloadTooLarge: the details exceed their limit.
        """
        task = self.get(caller, task_id).task
        size = size_of(entry.details)
        if size > LOG_DETAILS_LIMIT:
            raise PayloadTooLarge("details", size=size, limit=LOG_DETAILS_LIMIT)
        line = LogLine(
            timestamp=self.clock.now(),
            level=entry.level,
            message=entry.message,
            details=entry.details,
            logged_by=caller.subject,
        )
        if not self.tasks.add_log(task, line):
            raise Conflict("The execution log takes no more lines", current_status=task.status, task_id=task_id)
        return line

    def start(self, caller: Caller, task_id: str) -> Task:
        """Begin work; a task without assignee becomes the caller's.

        Raises:
            NotFound: no such task that the caller may see.
            Conflict: it is running or closed already (details: `task_id`).
        """
        return decided(lambda: self._started(caller, task_id), self.pause)

    def _started(self, caller: Caller, task_id: str) -> Task:
        unit, before = self.workable(caller, task_id)
        after, happenings = task_lifecycle.started(before, actor=caller.subject, at=self.clock.now())
        self.commit(unit, TaskTransition(before=before, after=after, token=unit.token), happenings)
        return after

    def complete(self, caller: Caller, task_id: str, completion: Completion) -> CompletedTask:
        """Close an open task with its result and let the machine go on.

        Raises:
            NotFound: no such task that the caller may see.
            Conflict: it is closed already; the first result stands (details: `task_id`). Or another worker has it.
            PayloadTooLarge: the result exceeds the limit.
        """
        within_limit("result_data", completion.result_data)
        summary = _summary(completion.result_data)
        unit, task = decided(lambda: self._completed(caller, task_id, completion, summary), self.pause)
        with suppress(Unavailable):  # the execution watch answers later
            answer(self.engine, task, token=unit.token, result=completion.result_data)
        return CompletedTask(task=task, summary=summary, triggered=self._triggered_by(task))

    def _completed(
        self, caller: Caller, task_id: str, completion: Completion, summary: ResultSummary
    ) -> tuple[TaskUnit, Task]:
        unit, before = self.workable(caller, task_id)
        require_lock(before, completion.worker_id)
        data = {
            "result_summary": {
                "success": summary.success,
                "data_size": summary.data_size,
                "quality_score": summary.quality_score,
            },
            "requested_actions": list(completion.next_actions),
        }
        after, happenings = task_lifecycle.completed(
            before,
            actor=caller.subject,
            at=self.clock.now(),
            notes=completion.notes,
            data=data,
            details=completion.details,
        )
        change = TaskTransition(before=before, after=after, token=unit.token, result_data=completion.result_data)
        self.commit(unit, change, happenings)
        return unit, after

    def workable(self, caller: Caller, task_id: str) -> tuple[TaskUnit, Task]:
        """The task that the caller may work on now, with what a decision needs.

        Raises:
            NotFound: no such task that the caller may see.
            Conflict: its instance has ended, or is being cancelled and this is not part of its compensation.
        """
        unit, task = self._visible(caller, task_id)
        instance = unit.instance
        over = instance.status not in LIVE or instance.is_over_for(task.entry.thread)
        if task.status in UNANSWERED and over:
            stands = "being cancelled" if instance.status in LIVE else f"already {instance.status}"
            raise Conflict(
                f"Workflow instance is {stands}",
                current_status=task.status,
                task_id=task_id,
                instance_id=unit.instance.id,
            )
        return unit, task

    def seen(self, caller: Caller, task_id: str) -> TaskUnit:
        """The task with its instance, in one read.

        Raises:
            NotFound: no such task that the caller may see.
        """
        return self._visible(caller, task_id)[0]

    def _visible(self, caller: Caller, task_id: str) -> tuple[TaskUnit, Task]:
        unit = self._unit(task_id)
        if unit is None or unit.task is None or not caller.sees(unit.task.project_id):
            raise NotFound(RESOURCE, task_id)
        caller.require_version(unit.task.id, str(unit.task.revision))
        return unit, unit.task

    def _unit(self, task_id: str) -> TaskUnit | None:
        owner: InstanceId | None = instance_of(task_id)
        if owner is None:
            return None
        try:
            return self.tasks.load_unit(owner, TaskId(task_id))
        except NotFound:
            return None

    def commit(
        self,
        unit: TaskUnit,
        change: TaskTransition,
        happenings: tuple[Happening, ...],
        *,
        instance: Instance | None = None,
    ) -> Instance:
        """Write a task's transition; `instance` is its instance where that changes too. The instance as it is then."""
        accounted = instance_lifecycle.accounted(
            instance or unit.instance, [(change.before, change.after)], at=change.after.updated_at
        )
        transition = instance_transition(unit.instance, accounted, happenings, ids=self.ids, tasks=(change,))
        self.instances.commit(transition)
        return transition.after

    def _triggered_by(self, task: Task) -> tuple[TriggeredAction, ...]:
        work = settled(
            lambda: self.instances.load_open_work(task.instance_id),
            lambda work: bool(_followers(work, task)) or work.instance.status is not InstanceStatus.RUNNING,
            self.pause,
            within_ms=self.triggered_wait_ms,
            reads=AFTER_COMPLETION,
        )
        if work is None:
            return ()
        triggered = [
            TriggeredAction(action="task_triggered", timestamp=follower.created_at, target_task_id=follower.id)
            for follower in _followers(work, task)
        ]
        ended = work.instance
        if ended.status is InstanceStatus.COMPLETED and ended.completed_at is not None:
            triggered.append(TriggeredAction(action="workflow_completed", timestamp=ended.completed_at))
        return tuple(triggered)


def _followers(work: OpenWork, task: Task) -> tuple[Task, ...]:
    """Open tasks that appeared after the completion."""
    closed_at = task.completed_at or task.updated_at
    return tuple(other for other in work.tasks if other.created_at >= closed_at)


def _summary(result: JsonObject) -> ResultSummary:
    metadata: Any = result.get("metadata")
    stated: list[Any] = [metadata.get(name) for name in QUALITY_FIELDS] if isinstance(metadata, dict) else []
    numbers = (float(value) for value in stated if isinstance(value, int | float) and not isinstance(value, bool))
    return ResultSummary(success=True, data_size=size_of(result), quality_score=next(numbers, None))
