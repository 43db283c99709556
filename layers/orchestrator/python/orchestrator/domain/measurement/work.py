"""Statistics of work: rows of the families `work`, put together by element, by performer or by type."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from orchestrator.domain.measurement.projection import TASK, WAIT
from orchestrator.domain.measurement.statistics import Member, Tally


class Work(NamedTuple):
    """Which work a row counts; empty where it does not apply."""

    definition_id: str
    element_id: str
    task_name: str
    task_type: str
    performer_kind: str
    performer: str


class Element(NamedTuple):
    """An element of a definition under a name."""

    definition_id: str
    element_id: str
    task_name: str


class Performer(NamedTuple):
    """Kind (human, ai, service) and name."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A tally of work, in seconds."""

    tally: Tally

    @property
    def duration(self) -> float | None:
        """Mean time from start to completion."""
        return self.tally.mean_seconds(TASK)

    @property
    def waiting(self) -> float | None:
        """Mean time from creation to start."""
        return self.tally.mean_seconds(WAIT)

    @property
    def completions(self) -> int:
        """How often the duration was measured."""
        return self.tally.count(f"{TASK}_timed")

    @property
    def starts(self) -> int:
        """How often the waiting was measured."""
        return self.tally.count(f"{WAIT}_timed")

    @property
    def busy_ms(self) -> int:
        """Time worked altogether, in milliseconds."""
        return self.tally.count(f"{TASK}_ms")


def element_of(member: Member) -> Element:
    """The element of a row of work."""
    work = Work(*member)
    return Element(work.definition_id, work.element_id, work.task_name)


def performer_of(member: Member) -> Performer:
    """The performer of a row of work."""
    work = Work(*member)
    return Performer(work.performer_kind, work.performer)


def grouped(rows: Iterable[tuple[Member, Tally]], key: Callable[[Member], Member]) -> dict[Member, Tally]:
    """Rows put together by a key."""
    groups: dict[Member, Tally] = {}
    for member, tally in rows:
        groups.setdefault(key(member), Tally()).add(tally)
    return groups
