"""Workflow instances: created -> queued -> running -> paused -> completed | failed | cancelled | terminated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from orchestrator.domain.admission import Pool, Slot, rank
from orchestrator.domain.assignment import Assignee
from orchestrator.domain.definition import Version
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.events import Subject
from orchestrator.domain.ids import ROOT_THREAD, DefinitionId, InstanceId, TaskId, ThreadId
from orchestrator.domain.priority import Priority
from orchestrator.domain.retry import RetryPolicy
from orchestrator.domain.start_event import Origin

RESOURCE = "workflow_instance"


class InstanceStatus(StrEnum):
    """Where an instance stands."""

    CREATED = "created"
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"


S = InstanceStatus

#: what may follow what; `failed` is left by a retry (or when the flow leaves the failed task), the other ends are final
LIFECYCLE: Mapping[InstanceStatus, frozenset[InstanceStatus]] = {
    S.CREATED: frozenset({S.QUEUED, S.RUNNING, S.CANCELLED, S.TERMINATED}),
    S.QUEUED: frozenset({S.RUNNING, S.PAUSED, S.CANCELLED, S.TERMINATED}),
    S.RUNNING: frozenset({S.PAUSED, S.COMPLETED, S.FAILED, S.CANCELLED, S.TERMINATED}),
    S.PAUSED: frozenset({S.QUEUED, S.RUNNING, S.COMPLETED, S.FAILED, S.CANCELLED, S.TERMINATED}),
    S.FAILED: frozenset({S.RUNNING, S.PAUSED, S.COMPLETED, S.CANCELLED, S.TERMINATED}),
    S.COMPLETED: frozenset(),
    S.CANCELLED: frozenset(),
    S.TERMINATED: frozenset(),
}
#: instances whose definition may not be deleted
ACTIVE = frozenset({S.CREATED, S.QUEUED, S.RUNNING, S.PAUSED, S.FAILED})
#: instances whose machine is (or should be) running or waiting, if it has begun
LIVE = frozenset({S.RUNNING, S.PAUSED, S.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Tasks counted as they change.

    `planned` comes from the catalogue; `created` counts real tasks, so that loops and untaken branches
    correct the plan: the total is the larger of both, and what was really created once the instance ended.
    """

    planned: int = 0
    created: int = 0
    running: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    busy_ms: int = 0

    @property
    def total(self) -> int:
        """Tasks of this instance as far as known, without those that were cancelled or interrupted."""
        return max(self.planned, self.created) - self.cancelled

    @property
    def pending(self) -> int:
        """Tasks not yet running: open ones and planned ones that have not appeared."""
        return self.total - self.completed - self.failed - self.running

    @property
    def percentage(self) -> float:
        """Completed tasks in percent of the total, one decimal."""
        return round(100 * self.completed / self.total, 1) if self.total else 0.0

    @property
    def average_task_duration(self) -> float | None:
        """Mean time from start (or creation) to completion in seconds; None before the first completion."""
        return round(self.busy_ms / self.completed / 1000, 3) if self.completed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """How an instance runs."""

    auto_start: bool = False
    parallel_execution: bool = True
    retry_policy: RetryPolicy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why an instance failed; `retry_possible` tells whether retrying the failed task revives it."""

    reason: str
    error_code: str
    failed_task_id: TaskId | None = None
    failed_task_name: str | None = None
    element_id: str | None = None
    retry_possible: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Queueing:
    """Since when an instance waits (or waited) for a slot, and who had started it."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Membership:
    """The batch that an instance belongs to; `slots`: how many of the batch may run at a time, None: any number."""

    batch_id: str
    slots: int | None = None

    @property
    def pool(self) -> Pool | None:
        """The slots of the batch."""
        return None if self.slots is None else Pool(f"batch#{self.batch_id}", self.slots)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """The entry of a call activity that called an instance; `depth` counts the calls above it, from 1."""

    instance_id: InstanceId
    task_id: TaskId
    element_id: str
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """Who wants an instance cancelled, why, and the side thread that compensates it before it ends."""

    at: datetime
    by: str
    reason: str | None
    thread: ThreadId


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """The head of an instance aggregate. `sequence` is the number of its last event.

    `slots` are held from the start to the end, `queueing` is kept after the start. `runs` counts the executions of
    the root thread; `rebuilds` counts those made since the last progress, after executions that failed by themselves.
    `paused_at` outlives a failure: a retry leads back to the pause. `origin` is the start event that began it by
    itself; None: somebody asked for it. `cancellation`: it is compensated, and then ends as cancelled.
    """

    id: InstanceId
    definition_id: DefinitionId
    definition_version: Version
    state_machine_arn: str
    name: str
    status: InstanceStatus
    created_at: datetime
    updated_at: datetime
    created_by: str
    context: JsonObject
    correlation_id: str
    priority: Priority = Priority.MEDIUM
    business_key: str | None = None
    configuration: Configuration = field(default_factory=Configuration)
    notifications: JsonObject = field(default_factory=dict[str, Any])
    initial_assignments: Mapping[str, Assignee] = field(default_factory=dict[str, Assignee])
    batch: Membership | None = None
    parent: Parent | None = None
    origin: Origin | None = None
    queueing: Queueing | None = None
    slots: tuple[Slot, ...] = ()
    started_at: datetime | None = None
    completed_at: datetime | None = None
    paused_at: datetime | None = None
    progress: Progress = field(default_factory=Progress)
    failure: Failure | None = None
    cancellation: Cancellation | None = None
    runs: int = 0
    rebuilds: int = 0
    rebuilt_at_sequence: int = 0
    sequence: int = 0

    @property
    def project_id(self) -> str | None:
        """`execution_context.project_id`."""
        return self.context.get("project_id")

    @property
    def rank(self) -> datetime | None:
        """The place in the queue; None: it does not wait there."""
        if self.queueing is None or self.status is not InstanceStatus.QUEUED:
            return None
        return rank(self.priority, self.queueing.at)

    @property
    def has_begun(self) -> bool:
        """Tell whether a machine runs or ran for it."""
        return self.runs > 0

    @property
    def is_active(self) -> bool:
        """Tell whether the definition must be kept for it."""
        if self.status is InstanceStatus.FAILED:
            return self.failure is not None and self.failure.retry_possible
        return self.status in ACTIVE

    @property
    def is_final(self) -> bool:
        """Tell whether nothing can follow."""
        return not LIFECYCLE[self.status] or (self.status is InstanceStatus.FAILED and not self.is_active)

    def is_over_for(self, thread: str) -> bool:
        """Tell whether nothing counts any more that a thread does: the root has ended once it is being cancelled."""
        return self.is_final or (self.cancellation is not None and thread == ROOT_THREAD)

    @property
    def progress_percentage(self) -> float:
        """Completed tasks in percent; a completed instance has nothing left, even if there was nothing to do."""
        return 100.0 if self.status is InstanceStatus.COMPLETED else self.progress.percentage

    @property
    def subject(self) -> Subject:
        """What this instance's events share."""
        return Subject(
            definition_id=self.definition_id,
            instance_id=self.id,
            project_id=self.project_id,
            user_id=self.context.get("user_id"),
            correlation_id=self.correlation_id,
            priority=self.priority,
        )

    def execution_seconds(self, now: datetime) -> float | None:
        """Time from start to end, or to `now` while it runs; None before the start."""
        if self.started_at is None:
            return None
        return round(((self.completed_at or now) - self.started_at).total_seconds(), 3)
