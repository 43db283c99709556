"""What the services need to count the rounds of a repeated activity whose completion condition may end the rest."""

from dataclasses import dataclass
from typing import Protocol

from orchestrator.domain.documents import JsonObject
from orchestrator.domain.ids import InstanceId


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

    def close(self, repetition: Repetition) -> None:
        """Note that no further round counts; repeatable."""
        ...

    def results(self, repetition: Repetition) -> tuple[JsonObject, ...]:
        """The results of the rounds that count, in the order of their indexes."""
        ...
