"""The record of instances, with what is open in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.events import Event
from orchestrator.domain.ids import InstanceId, TaskId
from orchestrator.domain.instance import Instance, InstanceStatus
from orchestrator.domain.priority import Priority
from orchestrator.domain.task import Task
from orchestrator.ports.paging import Listing, Page
from orchestrator.ports.transitions import InstanceTransition, ScopeEnd

#: new instances of one transaction: DynamoDB takes 100 writes
NEW_AT_ONCE: Final = 8


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

    def ends(self, instance_id: InstanceId, thread: str) -> tuple[ScopeEnd, ...]:
        """The ends of all scopes of a thread."""
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
