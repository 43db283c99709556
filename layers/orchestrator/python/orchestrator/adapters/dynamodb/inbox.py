"""Commands that were taken, in the table; each is remembered for a while after it was finished."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from orchestrator.adapters.dynamodb import keys, outbox, webhook_keys
from orchestrator.adapters.dynamodb.codec import instant
from orchestrator.adapters.dynamodb.counters import Tally
from orchestrator.adapters.dynamodb.table import Plain, Table, TransactionRefused
from orchestrator.adapters.dynamodb.writes import ABSENT, Condition, put
from orchestrator.domain.command import CLAIM_WINDOW, MEMORY, Claim, CommandKey
from orchestrator.domain.events import Event

_TAKEN: Final = "taken"
_DONE: Final = "done"
_REJECTED: Final = "rejected"


@dataclass(frozen=True, slots=True)
class DynamoDBInbox:
    """`ports.events.Inbox`."""

    table: Table
    retention_days: int

    def claim(self, command: CommandKey, *, now: datetime, again: bool) -> Claim:
        """One conditional write; where it fails one read, and a second write to take it over."""
        if self._take(command, now, Condition(text=ABSENT)):
            return Claim.YOURS
        item = self.table.get(webhook_keys.command(*command), keys.HEAD)
        claim = Claim.BUSY if item is None else _claim(item, now, again=again)
        if item is None or claim in {Claim.BUSY, Claim.DONE}:
            return claim
        values = {"t": item["taken_at"], "s": item["state"]}
        unmoved = Condition(text="#t = :t AND #s = :s", names={"t": "taken_at", "s": "state"}, values=values)
        return claim if self._take(command, now, unmoved) else Claim.BUSY

    def conclude(self, command: CommandKey, *, now: datetime, rejection: Event | None) -> None:
        """One transaction: the command, and the event of its rejection."""
        partition = webhook_keys.command(*command)
        tally = Tally(aggregate=partition)
        events = (rejection,) if rejection else ()
        written = outbox.writes(partition, events, retention_days=self.retention_days, tally=tally)
        state = _REJECTED if rejection else _DONE
        self.table.transact([put(_item(command, state, now)), *written, *tally.writes()])

    def _take(self, command: CommandKey, now: datetime, condition: Condition) -> bool:
        try:
            self.table.transact([put(_item(command, _TAKEN, now), condition)])
        except TransactionRefused:
            return False
        return True


def _claim(item: Plain, now: datetime, *, again: bool) -> Claim:
    """What is known of a command that somebody took before."""
    if item["state"] == _TAKEN:
        abandoned = now - datetime.fromisoformat(item["taken_at"]) >= CLAIM_WINDOW
        return Claim.TAKEN_OVER if abandoned else Claim.BUSY
    return Claim.YOURS if again and item["state"] == _REJECTED else Claim.DONE


def _item(command: CommandKey, state: str, now: datetime) -> dict[str, Any]:
    return {
        "pk": webhook_keys.command(*command),
        "sk": keys.HEAD,
        "state": state,
        "taken_at": instant(now),
        "ttl": int((now + MEMORY).timestamp()),
    }
