"""Use case of requests that are sent again: carried out once, answered every time."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from orchestrator.domain.errors import Unavailable
from orchestrator.domain.repetition import IdempotencyKeyReused, Kept, Repeatable, RequestInProgress, Turn
from orchestrator.ports.environment import Clock
from orchestrator.ports.requests import AnswerStore

_OURS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedRequests:
    """Keeps answers by the caller's key."""

    answers: AnswerStore
    clock: Clock

    def once(self, request: Repeatable, act: Callable[[], Kept]) -> tuple[Kept, bool]:
        """The answer to a request, and whether it was given before. An answer from 500 on is not kept.

        Raises:
            IdempotencyKeyReused: the key was sent with another request.
            RequestInProgress: the same request is being carried out.
            Unavailable: the record does not answer; nothing was done.
        """
        now = self.clock.now()
        turn = self.answers.take(request, now=now)
        if isinstance(turn, Kept):
            return turn, True
        if turn is Turn.REUSED:
            raise IdempotencyKeyReused("The idempotency key was used for another request")
        if turn is Turn.BUSY:
            raise RequestInProgress
        answer = act()
        with suppress(Unavailable):  # what was done is done, and told
            self._note(request, answer, taken_at=now)
        return answer, False

    def _note(self, request: Repeatable, answer: Kept, *, taken_at: datetime) -> None:
        if answer.status >= _OURS:
            self.answers.release(request, taken_at=taken_at)
        else:
            self.answers.keep(request, answer, taken_at=taken_at)
