"""Commands that were taken, in the table; each is remembered for a while after it was finished."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from orchestrator.adapters.dynamodb import keys, outbox, webhook_keys
from orchestrator.adapters.dynamodb.codec import instant
from orchestrator.adapters.dynamodb.counters import Tally
from orchestrator.adapters.dynamodb.table import Table, TransactionRefused
from orchestrator.adapters.dynamodb.writes import ABSENT, Condition, put
from orchestrator.domain.command import CLAIM_WINDOW, MEMORY, Claim, CommandKey
from orchestrator.domain.events import Event

_TAKEN: Final = "taken"
_DONE: Final = "done"


@dataclass(frozen=True, slots=True)
class DynamoDBInbox:
    """`event_ports.Inbox`."""

    table: Table
    retention_days: int

    def claim(self, command: CommandKey, *, now: datetime) -> Claim:
        """One conditional write; where it fails one read, and a second write to take it over."""
        if self._take(command, now, Condition(text=ABSENT)):
            return Claim.YOURS
        item = self.table.get(webhook_keys.command(*command), keys.HEAD)
        if item is None:  # it has been forgotten between the two calls
            return Claim.BUSY
        if item["state"] == _DONE:
            return Claim.DONE
        if now - datetime.fromisoformat(item["taken_at"]) < CLAIM_WINDOW:
            return Claim.BUSY
        names, values = {"t": "taken_at", "s": "state"}, {"t": item["taken_at"], "s": _TAKEN}
        unmoved = Condition(text="#t = :t AND #s = :s", names=names, values=values)
        return Claim.TAKEN_OVER if self._take(command, now, unmoved) else Claim.BUSY

    def conclude(self, command: CommandKey, *, now: datetime, rejection: Event | None) -> None:
        """One transaction: the command, and the event of its rejection."""
        partition = webhook_keys.command(*command)
        tally = Tally(aggregate=partition)
        events = (rejection,) if rejection else ()
        written = outbox.writes(partition, events, retention_days=self.retention_days, tally=tally)
        self.table.transact([put(_item(command, _DONE, now)), *written, *tally.writes()])

    def _take(self, command: CommandKey, now: datetime, condition: Condition) -> bool:
        try:
            self.table.transact([put(_item(command, _TAKEN, now), condition)])
        except TransactionRefused:
            return False
        return True


def _item(command: CommandKey, state: str, now: datetime) -> dict[str, Any]:
    return {
        "pk": webhook_keys.command(*command),
        "sk": keys.HEAD,
        "state": state,
        "taken_at": instant(now),
        "ttl": int((now + MEMORY).timestamp()),
    }
