"""The record of side threads and their groups."""

from dataclasses import dataclass
from typing import Protocol

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.ids import InstanceId, ThreadId
from orchestrator.domain.instance import Instance
from orchestrator.domain.side_thread import SideThread, ThreadGroup
from orchestrator.ports.transitions import ThreadArrival


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
