"""All events in the order of time, for replays: the list of all events, walked from its beginning."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from orchestrator.adapters.dynamodb import keys, outbox
from orchestrator.adapters.dynamodb.attributes import unmarshal
from orchestrator.adapters.dynamodb.codec import instant
from orchestrator.adapters.dynamodb.schema import GSI1
from orchestrator.adapters.dynamodb.table import Table
from orchestrator.ports.insights import LogPage

_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class DynamoDBWholeLog:
    """`ports.insights.WholeLog`; a cursor is the position of the last event."""

    table: Table

    def page(self, *, since: datetime | None, cursor: str | None) -> LogPage:
        """One Query."""
        low = cursor + "\x00" if cursor else instant(since) if since else " "
        answer = self.table.query(keys.EVENTS, index=GSI1, consistent=False, low=low, limit=_PAGE)
        items = [unmarshal(item) for item in answer["Items"]]
        more = bool(answer.get("LastEvaluatedKey")) and items
        return LogPage(events=tuple(map(outbox.read, items)), cursor=items[-1][GSI1.sort_key] if more else None)
