"""Requests that are sent again: what makes two requests one, and for how long their answer is kept."""
# ruff: noqa: N818 - errors are named as HTTP names them

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import OrchestratorError

HEADER = "Idempotency-Key"
#: for how long an answer is kept
MEMORY = timedelta(hours=24)
#: a request that was taken and not answered for so long was cut off: it is carried out again. Functions end sooner.
CLAIM_WINDOW = timedelta(minutes=1)


class IdempotencyKeyReused(OrchestratorError):
    """422: the key belongs to another request of this caller."""


class RequestInProgress(OrchestratorError):
    """409: a request with this key is being carried out; come again after `retry_after_seconds`."""

    def __init__(self, *, retry_after_seconds: int = 1) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__("A request with this idempotency key is being carried out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatable:
    """A request with its key. `owner` is whose key it is, `fingerprint` tells requests of one key apart."""

    owner: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer as it is kept; `is_secret`: nobody without the key may read it, the keeper neither."""

    status: int
    body: str
    headers: Mapping[str, str]
    is_secret: bool = False


class Turn(StrEnum):
    """Whose turn a request is: yours, somebody's who has it now, or another request has its key."""

    YOURS = "yours"
    BUSY = "busy"
    REUSED = "reused"


def repeatable(caller: Caller, key: str, *, target: str, body: str) -> Repeatable:
    """The request of a caller; `target` is method, path and query. Callers without a token own keys per target."""
    projects = "*" if caller.project_ids is None else " ".join(sorted(caller.project_ids))
    owner = f"{caller.subject}\n{projects}" if caller.subject else target
    return Repeatable(owner=_digest(owner), key=key, fingerprint=_digest(f"{target}\n{body}"))


def _digest(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()
