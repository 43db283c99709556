"""What the services need for composite activities: rounds that are counted, and processes that are called."""

from dataclasses import dataclass
from typing import Protocol

from orchestrator.domain.compensation import Compensation, Completion
from orchestrator.domain.definition import Version
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.ids import DefinitionId, InstanceId, TaskId
from orchestrator.domain.instance import Instance
from orchestrator.domain.written import Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """One entry of a repeated activity; `scope` is the path around its rounds."""

    instance_id: InstanceId
    thread: str
    scope: str


class RoundStore(Protocol):
    """Rounds that have ended, numbered in the order in which the record heard of them."""

    def note(self, repetition: Repetition, index: int, result: JsonObject) -> int | None:
        """Note the result of a round; its number from 1, the same when repeated. None: the others ended it before.

        Raises:
            StaleRecord: another round was faster; note again.
        """
        ...

    def until(self, repetition: Repetition, number: int) -> tuple[JsonObject, ...]:
        """The results of the rounds that had ended when the one with this number did, in the order of their ends."""
        ...

    def close(self, repetition: Repetition) -> None:
        """Note that no further round counts; repeatable."""
        ...

    def results(self, repetition: Repetition) -> tuple[JsonObject, ...]:
        """The results of the rounds that count, in the order of their indexes."""
        ...


class WrittenVariables(Protocol):
    """What tokens told of what they have written inside scopes that something may interrupt."""

    def note(self, instance_id: InstanceId, key: str, written: Written) -> None:
        """Note what was told with a call; what is told again with the same call changes nothing."""
        ...

    def told(self, instance_id: InstanceId) -> tuple[Written, ...]:
        """All that was told in an instance, in no order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CompensationRecord:
    """What of an instance can be compensated, and what compensations were decided."""

    completions: tuple[Completion, ...] = ()
    compensations: tuple[Compensation, ...] = ()


class CompensationStore(Protocol):
    """Completions and compensations as they are read; they are written through `InstanceStore.commit`."""

    def load(self, instance_id: InstanceId) -> CompensationRecord:
        """All of an instance."""
        ...

    def is_settled(self, instance_id: InstanceId, key: str) -> bool:
        """Tell whether a completion was noted under this key."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Callee:
    """A published version of a definition that can be called."""

    definition_id: DefinitionId
    version: Version
    state_machine_arn: str
    name: str
    planned_tasks: int


class CalledDefinitions(Protocol):
    """Published versions by the id of their process."""

    def find(self, called: str, *, version: str | None = None, known_to: Instance | None = None) -> Callee | None:
        """The version of process or definition `called` that was published last and serves.

        `version`: only the one with this number or version tag. `known_to`: only what had been published when the
        version was that this instance runs.
        """
        ...


@dataclass(frozen=True, slots=True)
class Link:
    """An instance that was called by an entry, as its caller knows it."""

    task_id: TaskId
    instance_id: InstanceId


class CallLinks(Protocol):
    """Called instances that may still run."""

    def add(self, caller: InstanceId, link: Link) -> None:
        """Note a call before it is made; repeatable."""
        ...

    def of(self, caller: InstanceId) -> tuple[Link, ...]:
        """The calls of an instance that have not been removed."""
        ...

    def remove(self, caller: InstanceId, link: Link) -> None:
        """Forget a call that is over; repeatable."""
        ...


class Relatives(Protocol):
    """What an instance has to do with others."""

    def called_by(self, instance: InstanceId) -> tuple[InstanceId, ...]:
        """The instances that it called, as far as they may still run."""
        ...

    def ended(self, instance: Instance) -> None:
        """An instance has ended: its caller, if it has one, is told. Repeatable."""
        ...
