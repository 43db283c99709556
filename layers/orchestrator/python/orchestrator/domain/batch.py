"""Batches: many instances that were started in one call (spec section 4, `POST /execution/batch-start`)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from orchestrator.domain.errors import Conflict
from orchestrator.domain.ids import InstanceId, instance_id
from orchestrator.domain.instance import Membership
from orchestrator.domain.priority import Priority
from orchestrator.domain.rejection import Rejection

RESOURCE: Final = "batch"
_CROCKFORD: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_TIME_DIGITS: Final = 10
_PLACE_DIGITS: Final = 4
_RANDOM_DIGITS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A workflow of a batch that was not started: its place in the request, counted from 0, and why."""

    place: int
    rejection: Rejection


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The head of a batch. `fingerprint` identifies the request; `total` counts its workflows, refused ones too."""

    id: str
    created_at: datetime
    created_by: str
    correlation_id: str | None
    fingerprint: str
    total: int
    priority: Priority | None = None
    max_concurrent: int | None = None
    cancelled_at: datetime | None = None
    refusals: tuple[Refusal, ...] = ()
    projects: tuple[str, ...] = ()

    @property
    def membership(self) -> Membership:
        """What its instances bear."""
        return Membership(self.id, self.max_concurrent)

    @property
    def refused(self) -> frozenset[int]:
        """The places of the workflows that were not started."""
        return frozenset(refusal.place for refusal in self.refusals)

    @property
    def members(self) -> dict[int, InstanceId]:
        """The instances that it has (or is about to have) by their places."""
        return {place: self.member(place) for place in range(self.total) if place not in self.refused}

    def member(self, place: int) -> InstanceId:
        """The instance of a workflow: the same however often the request is repeated, and in the order of places."""
        digest = int.from_bytes(hashlib.sha256(self.id.encode()).digest())
        milliseconds = round(self.created_at.timestamp() * 1000)
        parts = ((milliseconds, _TIME_DIGITS), (place, _PLACE_DIGITS), (digest, _RANDOM_DIGITS))
        return instance_id("".join(_base32(value, digits) for value, digits in parts))

    def require_same(self, fingerprint: str) -> None:
        """A repeated request is answered as the first; another one needs another id.

        Raises:
            Conflict: it asks for something else.
        """
        if fingerprint != self.fingerprint:
            raise Conflict("The batch exists, and was started with other content", batch_id=self.id)


def _base32(value: int, digits: int) -> str:
    return "".join(_CROCKFORD[(value >> 5 * place) & 31] for place in reversed(range(digits)))
