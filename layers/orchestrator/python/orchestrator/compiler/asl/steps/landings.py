"""Where a token goes on that a boundary event or event sub-process has caught.

It gets there by an error that the state catches, or because the record answers so: when a timer runs out at the same
time, the record knows what came first, and names the error and the cause that came too late.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from orchestrator.compiler.asl.language.states import Catcher, Key
from orchestrator.compiler.asl.language.token import CAUSE, query, strings


class Raised(NamedTuple):
    """An error: JSONata for its name and for its cause."""

    error: str
    cause: str


#: the error that a state has just caught
CAUGHT = Raised("$states.errorOutput.Error", CAUSE)
#: the error that the answer of the record names
ANSWERED = Raised("$states.result.Payload.caught.error", "$states.result.Payload.caught.cause")


@dataclass(frozen=True, slots=True)
class Landing:
    """The state that is next after one of `errors`; `token` makes JSONata for the token there, of what was raised."""

    errors: tuple[str, ...]
    next: Key
    token: Callable[[Raised], str]

    @property
    def catcher(self) -> Catcher:
        """It as a catcher of a state."""
        return Catcher(self.errors, self.next, query(self.token(CAUGHT)))

    def taken_by(self, error: str) -> str:
        """Return the JSONata condition that an error leads here."""
        return f"{error} in {strings(self.errors)}"


def landed(landings: Sequence[Landing], otherwise: str) -> str:
    """Return JSONata for the token after an answer that may name an error."""
    choices = [f"{landing.taken_by(ANSWERED.error)} ? {landing.token(ANSWERED)} : " for landing in landings]
    return "".join(choices) + otherwise
