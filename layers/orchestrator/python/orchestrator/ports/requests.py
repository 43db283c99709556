"""What repeated requests need from outside, as Protocols; adapters/ implements them, bootstrap/ wires them."""

from datetime import datetime
from typing import Protocol

from orchestrator.domain.repetition import Kept, Repeatable, Turn


class AnswerStore(Protocol):
    """Answers to requests that bear a key."""

    def take(self, request: Repeatable, *, now: datetime) -> Turn | Kept:
        """Take a request, or tell who has it, or the answer that was given; one conditional write."""
        ...

    def keep(self, request: Repeatable, answer: Kept, *, taken_at: datetime) -> None:
        """The answer, unless somebody took the request over since."""
        ...

    def release(self, request: Repeatable, *, taken_at: datetime) -> None:
        """Forget that the request was taken."""
        ...
