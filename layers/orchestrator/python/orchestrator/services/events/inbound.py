"""Use case of the inbox: a command from another service is carried out once, or rejected with its reason."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from orchestrator.domain.command import Claim, CommandKey, rejected
from orchestrator.domain.errors import OrchestratorError, Unavailable
from orchestrator.domain.events import Event, Subject, number
from orchestrator.domain.ids import InstanceId, event_id, instance_id
from orchestrator.domain.rejection import Rejection
from orchestrator.ports.environment import Clock, Ids
from orchestrator.ports.events import Inbox

#: carries a command out; told whether somebody may have done so before without noting it
Action = Callable[[bool], None]
SetAside = Callable[[Rejection], None]
_CROCKFORD: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_ULID_DIGITS: Final = 26
_ULID_BITS: Final = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundService:
    """Takes commands."""

    inbox: Inbox
    clock: Clock
    ids: Ids

    def once(
        self, key: CommandKey, detail_type: str, action: Action, *, set_aside: SetAside, again: bool = False
    ) -> None:
        """Carry a command out, unless that has been done.

        Args:
            key: what makes it this command.
            detail_type: what it asks for.
            action: carries it out.
            set_aside: keeps a rejected command for people to see; before it is noted as done, so that none is lost.
            again: somebody sends a rejected command once more, since its cause is gone.

        Raises:
            Unavailable: a part that is needed does not answer, or somebody else has the command now: try again.
        """
        claim = self.inbox.claim(key, now=self.clock.now(), again=again)
        if claim is Claim.DONE:
            return
        if claim is Claim.BUSY:
            raise Unavailable("the command is being carried out")
        rejection = _tried(action, repeated=claim is Claim.TAKEN_OVER)
        if rejection:
            set_aside(rejection)
        event = self._told(key, detail_type, rejection) if rejection else None
        self.inbox.conclude(key, now=self.clock.now(), rejection=event)

    def _told(self, key: CommandKey, detail_type: str, rejection: Rejection) -> Event:
        happening = rejected(key, detail_type, rejection, at=self.clock.now())
        subject = Subject(user_id=key.source, correlation_id=key.id)
        (event,) = number([happening], after=0, subject=subject, new_id=lambda: event_id(self.ids.ulid()))
        return event


def _tried(action: Action, *, repeated: bool) -> Rejection | None:
    try:
        action(repeated)
    except Unavailable:
        raise
    except OrchestratorError as error:
        return Rejection.of(error)
    return None


def instance_started_by(key: CommandKey) -> InstanceId:
    """The id of the instance that a command starts: the same for each repetition, so there is only one."""
    digest = hashlib.sha256("\x1f".join(key).encode()).digest()
    value = int.from_bytes(digest[: _ULID_BITS // 8]) >> 1
    digits = "".join(_CROCKFORD[(value >> 5 * place) & 31] for place in reversed(range(_ULID_DIGITS)))
    return instance_id(digits)
