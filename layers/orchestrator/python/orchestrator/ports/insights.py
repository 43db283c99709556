"""What monitoring and analytics need from outside. Protocols as in `ports`, which holds those of the record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from orchestrator.domain.events import Event
from orchestrator.domain.measurement.buckets import Granularity
from orchestrator.domain.measurement.statistics import Member, Tally
from orchestrator.domain.priority import Priority
from orchestrator.domain.resources.service import RegisteredService
from orchestrator.domain.webhooks.delivery import Answer


@dataclass(frozen=True, slots=True)
class Row:
    """One bucket as it was read."""

    start: datetime
    member: Member
    tally: Tally


@dataclass(frozen=True, slots=True)
class Reading:
    """The buckets of a family in a range of time, oldest first; `is_complete` False: later ones were left unread."""

    rows: tuple[Row, ...]
    is_complete: bool = True


class Statistics(Protocol):
    """Buckets, counted from events in a *generation*: the numbers that one pass over the event log has given."""

    def read(self, family: str, granularity: Granularity, *, start: datetime, end: datetime) -> Reading:
        """The buckets that touch [start, end), in a bounded number of calls."""
        ...


class Projection(Protocol):
    """Where the projector writes."""

    def generations(self) -> Sequence[int]:
        """The generation that is read, and behind it the one that is being built, if there is one."""
        ...

    def add(self, generation: int, events: Sequence[Event]) -> int:
        """Count events that were not counted before in this generation, each once; how many those were."""
        ...


class Rebuilding(Protocol):
    """A replay: a new generation beside the one that is read."""

    def begin(self) -> int:
        """Open a new generation, which the projector fills too from now on; its number."""
        ...

    def switch(self, generation: int) -> None:
        """Read this generation from now on, and remove what the one before has counted."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """Some events of the log, oldest first, and where to go on (None: this was the end)."""

    events: tuple[Event, ...]
    cursor: str | None


class WholeLog(Protocol):
    """All events, in the order of time."""

    def page(self, *, since: datetime | None, cursor: str | None) -> LogPage:
        """The next events."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """What there is now: counts by status. `oldest_open_task`: when the task that waits longest was created."""

    instances: Mapping[str, int] = field(default_factory=dict[str, int])
    tasks: Mapping[str, int] = field(default_factory=dict[str, int])
    queued_by_priority: Mapping[Priority, int] = field(default_factory=dict[Priority, int])
    waiting_by_priority: Mapping[Priority, int] = field(default_factory=dict[Priority, int])
    oldest_waiting_task: datetime | None = None


class Present(Protocol):
    """The record as it is now."""

    def census(self) -> Census:
        """Counts from the record's own counters, in a bounded number of calls."""
        ...


class Part(StrEnum):
    """Parts of the system whose health is probed."""

    DATABASE = "database"
    EVENT_MANAGER = "event_manager"
    WORKFLOW_ENGINE = "workflow_engine"


class ServiceProbes(Protocol):
    """Real requests to registered services."""

    def answers(self, endpoints: Mapping[str, str]) -> Mapping[str, Answer]:
        """What the health endpoints (by service name) answer, within a time limit for all together."""
        ...


class Services(Protocol):
    """The registry of services."""

    def all(self) -> tuple[RegisteredService, ...]:
        """Every service, by name."""
        ...


class Probe(Protocol):
    """A real call of a part."""

    def __call__(self) -> float | None:
        """Milliseconds until it answered; None: it did not, or refused."""
        ...
