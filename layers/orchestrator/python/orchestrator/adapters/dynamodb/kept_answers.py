"""Answers to requests that bear an Idempotency-Key, for as long as their caller may ask again."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from orchestrator.adapters.dynamodb import keys
from orchestrator.adapters.dynamodb.codec import decode, encode, instant
from orchestrator.adapters.dynamodb.table import Plain, Table
from orchestrator.adapters.dynamodb.texts import Texts
from orchestrator.adapters.dynamodb.writes import ABSENT, Condition
from orchestrator.adapters.sealing import opened, sealed
from orchestrator.domain.repetition import CLAIM_WINDOW, MEMORY, Kept, Repeatable, Turn

_TAKEN: Final = "taken"
_ANSWERED: Final = "answered"
_OURS: Final = Condition(text="#s = :taken AND taken_at = :at", names={"s": "state"})


@dataclass(frozen=True, slots=True)
class DynamoDBKeptAnswers:
    """`ports.requests.AnswerStore`."""

    table: Table
    texts: Texts

    def take(self, request: Repeatable, *, now: datetime) -> Turn | Kept:
        """One conditional PutItem; where it fails, it brings what is there."""
        free = Condition(
            text=f"{ABSENT} OR #t <= :now OR (#s = :taken AND taken_at <= :cut_off AND fingerprint = :fingerprint)",
            names={"s": "state", "t": "ttl"},
            values={
                "now": int(now.timestamp()),
                "taken": _TAKEN,
                "cut_off": instant(now - CLAIM_WINDOW),
                "fingerprint": request.fingerprint,
            },
        )
        there = self.table.put_if(_item(request, _TAKEN, now), free)
        if there is None:
            return Turn.YOURS
        if there.get("fingerprint") != request.fingerprint:
            return Turn.REUSED if there else Turn.BUSY
        return self._kept(request, there) if there["state"] == _ANSWERED else Turn.BUSY

    def keep(self, request: Repeatable, answer: Kept, *, taken_at: datetime) -> None:
        """One conditional PutItem; of a long answer the text goes to the payload bucket first."""
        text = sealed(answer.body, _secret(request)) if answer.is_secret else answer.body
        item = _item(request, _ANSWERED, taken_at) | encode(answer)
        item |= {"body": "", "text": self.texts.pack(text, owner="answers")}
        self.table.put_if(item, _ours(taken_at))

    def release(self, request: Repeatable, *, taken_at: datetime) -> None:
        """One conditional DeleteItem."""
        self.table.delete_if((_partition(request), keys.HEAD), _ours(taken_at))

    def _kept(self, request: Repeatable, item: Plain) -> Kept:
        text = self.texts.unpack(item["text"])
        body = opened(text, _secret(request)) if item["is_secret"] else text
        return decode(Kept, item | {"body": body})


def _ours(taken_at: datetime) -> Condition:
    return Condition(text=_OURS.text, names=_OURS.names, values={"taken": _TAKEN, "at": instant(taken_at)})


def _partition(request: Repeatable) -> str:
    """The key itself is not kept: it opens secret answers."""
    return keys.kept_answer(request.owner, sha256(request.key.encode()).hexdigest())


def _secret(request: Repeatable) -> str:
    return f"{request.owner}\n{request.key}"


def _item(request: Repeatable, state: str, taken_at: datetime) -> dict[str, Any]:
    return {
        "pk": _partition(request),
        "sk": keys.HEAD,
        "state": state,
        "fingerprint": request.fingerprint,
        "taken_at": instant(taken_at),
        "ttl": int((taken_at + MEMORY).timestamp()),
    }
