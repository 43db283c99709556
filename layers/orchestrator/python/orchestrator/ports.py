"""What the use cases need from outside, as Protocols; adapters/ implements them, bootstrap.py wires them.

A *transition* is one unit of work: the entity before and after, what happened, and what is written beside
it. Stores write it in one transaction, conditional on the sequence number it was decided on, and raise
`StaleRecord` when somebody else was faster: reload, decide again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from orchestrator.compiler.catalogue import Catalogue
from orchestrator.diagnostics import Diagnostic
from orchestrator.domain.compensation import Compensation, Completion
from orchestrator.domain.definition import Definition, DefinitionStatus, Version
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.events import Event
from orchestrator.domain.ids import DefinitionId, InstanceId, TaskId, ThreadId
from orchestrator.domain.instance import Instance, InstanceStatus
from orchestrator.domain.message import Message
from orchestrator.domain.priority import Priority
from orchestrator.domain.resources.service import RegisteredService
from orchestrator.domain.schedule import Schedule
from orchestrator.domain.side_thread import SideThread, ThreadGroup
from orchestrator.domain.task import LogLine, Task, TaskStatus

if TYPE_CHECKING:
    from orchestrator.compiler.asl.transitions import Transitions
    from orchestrator.compiler.flow.findings import RegionReport

Entity = TypeVar("Entity")


class StaleRecord(Exception):  # noqa: N818 - it is a signal to decide again, not a fault
    """The record moved on since it was loaded; nothing was written."""


class NoSlot(Exception):  # noqa: N818 - it is a signal to try another slot, or to queue
    """A slot that a transition takes is not free, or others wait for it; nothing was written."""


# --- lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of a list: `cursor` (opaque, from the previous page) or `offset`, and at most `limit` items."""

    limit: int = 50
    offset: int = 0
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[Entity]):
    """One page, newest first. `total` counts all matches; `total_is_exact` is False where counting was cut off."""

    items: tuple[Entity, ...]
    total: int
    has_more: bool
    next_cursor: str | None = None
    total_is_exact: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionQuery:
    """Filters of the definition list; all given ones must hold. `tags`: every one of them."""

    status: DefinitionStatus | None = None
    category: str | None = None
    tags: tuple[str, ...] = ()
    created_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceQuery:
    """Filters of the instance list. `visible_projects` (None: all) is the caller's confinement."""

    status: InstanceStatus | None = None
    definition_id: str | None = None
    priority: Priority | None = None
    project_id: str | None = None
    created_by: str | None = None
    business_key: str | None = None
    batch_id: str | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    visible_projects: frozenset[str] | None = None


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


# --- definitions


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionVersion:
    """A published version: immutable."""

    definition_id: DefinitionId
    version: Version
    content: str
    catalogue: Catalogue
    state_machine_arn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionTransition:
    """`before` None: the definition is new. `content` and `version` are written when given.

    `schedules` are the timers that begin to count; those of a version that serves no more cease to.
    """

    before: Definition | None
    after: Definition
    events: tuple[Event, ...] = ()
    content: str | None = None
    version: DefinitionVersion | None = None
    schedules: tuple[Schedule, ...] = ()


class DefinitionStore(Protocol):
    """Definitions and their published versions."""

    def load(self, definition_id: str) -> Definition:
        """The head. Raises NotFound."""
        ...

    def load_many(self, definition_ids: Sequence[str]) -> Mapping[str, Definition]:
        """Heads by id; what is not there is left out."""
        ...

    def load_with_content(self, definition_id: str) -> tuple[Definition, str]:
        """The head and the BPMN XML of its current version, in one read. Raises NotFound."""
        ...

    def load_catalogue(self, definition_id: str, version: Version) -> Catalogue:
        """The catalogue of a published version (immutable, cached). Raises NotFound."""
        ...

    def versions(self, definition_id: str) -> tuple[tuple[Version, str], ...]:
        """Every published version with its state machine's ARN, oldest first."""
        ...

    def list(self, query: DefinitionQuery, page: Page) -> Listing[Definition]:
        """Newest first."""
        ...

    def commit(self, transition: DefinitionTransition) -> None:
        """Write in one transaction. Raises StaleRecord."""
        ...

    def delete(self, definition: Definition, events: tuple[Event, ...]) -> None:
        """Remove the head, if no instance is active in the same instant.

        Raises:
            StaleRecord: the definition or its instance counts moved since they were read.
            Conflict: instances are active; details carry `active_instances`.
        """
        ...

    def forget_versions(self, definition_id: str) -> None:
        """Remove the published versions of a deleted definition; repeatable."""
        ...


# --- instances and tasks

#: new instances of one transaction: DynamoDB takes 100 writes
NEW_AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceRecord:
    """An instance with its variables and open work, read at once."""

    instance: Instance
    input_variables: JsonObject
    output_variables: JsonObject | None = None
    open_tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWork:
    """An instance and its open tasks, oldest first, read at once."""

    instance: Instance
    tasks: tuple[Task, ...]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTransition:
    """One task in a transition. `before` None: new, with its `token` and the name of its `execution`.

    Else `token` as it was read guards against a newer one; `is_answered`: the machine has left the task, so
    its token needs no answer. Data are written when given.
    """

    before: Task | None
    after: Task
    token: str | None = None
    execution: str | None = None
    is_answered: bool = False
    input_data: JsonObject | None = None
    result_data: JsonObject | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeEnd:
    """An end of a scope: the element that interrupted it, or the sub-process whose body was done."""

    instance_id: InstanceId
    thread: str
    scope: str
    element_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeMark:
    """The note that a scope has ended, and when: a second run is answered the same."""

    end: ScopeEnd
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadChange:
    """One side thread in a transition. `before` None: new, with the `token` that it starts with.

    Else it must still be as it was; `data` is what its token brought to its end.
    """

    before: SideThread | None
    after: SideThread
    token: JsonObject | None = None
    data: JsonObject | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadArrival:
    """The k-th time that a thread reached a join: what its token brought, and what it was answered."""

    group: str
    thread: ThreadId
    join: str
    occurrence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadWrites:
    """What a transition changes of a group of threads: all must be as it was when it was decided on."""

    before: ThreadGroup | None = None
    group: ThreadGroup | None = None
    threads: tuple[ThreadChange, ...] = ()
    arrivals: Mapping[ThreadArrival, JsonObject] = field(default_factory=dict[ThreadArrival, JsonObject])


@dataclass(frozen=True, slots=True, kw_only=True)
class Throw:
    """The note that an entry has thrown, by which execution; with the message that it has written."""

    key: TaskId
    execution: str
    message: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceTransition:
    """`before` None: the instance is new, and its definition must still be serving.

    `mark` is written; of `unended`, no mark may be there. `alive` is a side thread that must be live. `taken` is a
    buffered message that this definition takes; `thrown` must not have been thrown before. `completion` is noted, and
    `compensation`, which must not have been decided before.
    """

    before: Instance | None
    after: Instance
    events: tuple[Event, ...] = ()
    tasks: tuple[TaskTransition, ...] = ()
    input_variables: JsonObject | None = None
    output_variables: JsonObject | None = None
    mark: ScopeMark | None = None
    unended: ScopeEnd | None = None
    taken: Message | None = None
    thrown: Throw | None = None
    completion: Completion | None = None
    compensation: Compensation | None = None
    threads: ThreadWrites = field(default_factory=ThreadWrites)
    alive: ThreadId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupUnit:
    """What a decision about a group of threads needs, read at once; `group` None: it has not begun."""

    instance: Instance
    group: ThreadGroup | None
    live: tuple[SideThread, ...]


class ThreadStore(Protocol):
    """Side threads as they are read; they change through `InstanceStore.commit`."""

    def load_group(self, instance_id: InstanceId, key: str) -> GroupUnit:
        """Head, group and the instance's live threads. Raises NotFound: no such instance."""
        ...

    def load(self, instance_id: InstanceId, thread: ThreadId) -> SideThread | None:
        """One thread, None if there is none of this id."""
        ...

    def token(self, instance_id: InstanceId, thread: ThreadId) -> JsonObject:
        """What a thread started with."""
        ...

    def running(self, instance_id: InstanceId) -> tuple[SideThread, ...]:
        """Live threads, and stopped ones whose executions may still run."""
        ...

    def arrival(self, instance_id: InstanceId, arrival: ThreadArrival) -> JsonObject | None:
        """What a thread brought to a join and was answered; None: it has not been there."""
        ...

    def ended(self, instance_id: InstanceId, key: str) -> tuple[JsonObject, ...]:
        """What the tokens of a group brought to their ends."""
        ...

    def confirm_stopped(self, instance_id: InstanceId, thread: ThreadId) -> None:
        """The execution of a stopped thread runs no more."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeUnit:
    """An instance, when a scope of it ended (None: not yet), and all unanswered entries of the instance."""

    instance: Instance
    marked_at: datetime | None
    entries: tuple[Task, ...]


class InstanceStore(Protocol):
    """Instance aggregates: each transition is one transaction."""

    def load(self, instance_id: str) -> Instance:
        """The head. Raises NotFound."""
        ...

    def load_many(self, instance_ids: Sequence[InstanceId]) -> Mapping[InstanceId, Instance]:
        """Heads by id; what is not there is left out."""
        ...

    def load_record(self, instance_id: str) -> InstanceRecord:
        """Head, variables and open tasks in one consistent read. Raises NotFound."""
        ...

    def load_open_work(self, instance_id: str) -> OpenWork:
        """Head and open tasks in one consistent read. Raises NotFound."""
        ...

    def load_scope(self, end: ScopeEnd) -> ScopeUnit:
        """What the end of a scope is decided on: head, the mark if it was made, all that is unanswered.

        Raises:
            NotFound: no such instance.
        """
        ...

    def ended_at(self, end: ScopeEnd) -> datetime | None:
        """When a scope ended so; None: it has not."""
        ...

    def thrown(self, instance_id: InstanceId, key: TaskId) -> str | None:
        """The execution in which an entry has thrown; None: it has not."""
        ...

    def load_unanswered(self, instance_id: InstanceId) -> OpenWork:
        """Head and everything unanswered, waits of the machine and failed tasks included. Raises NotFound."""
        ...

    def list(self, query: InstanceQuery, page: Page) -> Listing[Instance]:
        """Newest first."""
        ...

    def history(self, instance: Instance, *, after: int, limit: int) -> tuple[Event, ...]:
        """Events of an instance with the sequence numbers `after + 1` to `after + limit`, in order."""
        ...

    def in_status(self, status: InstanceStatus, *, limit: int, cursor: str | None) -> Listing[Instance]:
        """Instances in a status, oldest first, for the reconciliation; `total` is that of the page."""
        ...

    def commit(self, transition: InstanceTransition) -> None:
        """Write in one transaction; slots are taken and given back with the instance.

        Raises:
            StaleRecord: the instance moved on (or, if it is new, its definition did).
            NoSlot: a slot that it takes is not free; from the queue none is refused because others wait.
        """
        ...

    def commit_new(self, transitions: Sequence[InstanceTransition]) -> None:
        """Write several new instances that hold no slots, at most `NEW_AT_ONCE`, all in one transaction.

        Raises:
            StaleRecord: one of them exists, or its definition is not serving any more.
        """
        ...


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


class Directory(Protocol):
    """Who is registered to perform tasks."""

    def services(self) -> frozenset[str]:
        """Names of registered services."""
        ...

    def service(self, name: str) -> RegisteredService | None:
        """A registered service; None: there is none of this name."""
        ...

    def agents(self) -> frozenset[str]:
        """Ids of registered agents."""
        ...


# --- around


class ExecutionStatus(StrEnum):
    """Status of a Step Functions execution."""

    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    ABORTED = "ABORTED"
    PENDING_REDRIVE = "PENDING_REDRIVE"


class WorkflowEngine(Protocol):
    """Step Functions. Every call may be repeated."""

    def publish(self, *, name: str, machine: str, tags: Mapping[str, str]) -> str:
        """Create (or bring up to date) the state machine of this name from ASL; its ARN."""
        ...

    def retire(self, state_machine_arn: str) -> None:
        """Delete a state machine."""
        ...

    def start(self, *, state_machine_arn: str, name: str, token: JsonObject) -> None:
        """Start the execution of this name; starting it again changes nothing."""
        ...

    def status(self, *, state_machine_arn: str, name: str) -> ExecutionStatus | None:
        """How an execution stands; None: there is none. Not for request paths."""
        ...

    def stop(self, *, state_machine_arn: str, name: str, cause: str) -> None:
        """Stop an execution; stopping one that is not running changes nothing."""
        ...

    def succeed(self, token: str, output: JsonObject, *, task: Task) -> bool:
        """Answer the token of a task; False: nobody waits for it any more."""
        ...

    def fail(self, token: str, *, error: str, cause: JsonObject) -> bool:
        """Fail a task token with an error name; False: nobody waits for it any more."""
        ...


class Compiled(Protocol):
    """What the services take from a compilation."""

    @property
    def definition(self) -> str | None:
        """The ASL definition as JSON; None when the findings contain errors."""
        ...

    @property
    def catalogue(self) -> Catalogue | None:
        """What the runtime needs per element; None when the findings contain errors."""
        ...

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """All findings."""
        ...

    @property
    def transitions(self) -> "Transitions | None":
        """How many an instance takes; None when the findings contain errors."""
        ...

    @property
    def regions(self) -> "Sequence[RegionReport]":
        """How each concurrent part runs."""
        ...


class Compiler(Protocol):
    """BPMN XML to a state machine; pure."""

    def __call__(self, content: str, process_id: str | None, /) -> Compiled:
        """Compile the process of that id (None: the one that the file means).

        What is wrong with the model is in the result, never raised.
        """
        ...


class Expressions(Protocol):
    """Evaluation of the expressions in a model's assignments and dates."""

    def __call__(self, text: str, variables: JsonObject, now: datetime, /) -> Any:
        """The value of the text: itself where it is a literal, None where the expression fails."""
        ...


class Bookmarks(Protocol):
    """Where long walks over the record go on."""

    def load(self, walk: str) -> str | None:
        """The cursor at which a walk was left; None: it begins anew."""
        ...

    def save(self, walk: str, cursor: str | None) -> None:
        """Leave a walk at a cursor."""
        ...


class PayloadStore(Protocol):
    """Large values outside the table."""

    def put(self, key: str, text: str) -> None:
        """Store a text under a key; the same key always gets the same text."""
        ...

    def get(self, key: str) -> str:
        """The text under a key."""
        ...

    def find(self, key: str) -> str | None:
        """The text under a key; None: there is none."""
        ...


class EventBus(Protocol):
    """EventBridge."""

    def publish(self, events: Sequence[Mapping[str, Any]]) -> tuple[int, ...]:
        """Publish CloudEvents in order, at most ten; the indexes of those that were refused."""
        ...


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Now, UTC, whole milliseconds."""
        ...


class Ids(Protocol):
    """Fresh identifiers."""

    def ulid(self) -> str:
        """A new ULID, lower case, larger than those before it."""
        ...


class Pause(Protocol):
    """Waiting, where a use case waits a bounded moment."""

    def wait(self, milliseconds: float) -> None:
        """Wait this long."""
        ...

    def jitter(self, milliseconds: float) -> None:
        """Wait a random part of this long."""
        ...
