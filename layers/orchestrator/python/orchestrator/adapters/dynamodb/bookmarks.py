"""Cursors of long walks over the record."""

from dataclasses import dataclass
from typing import Final

from orchestrator.adapters.dynamodb.table import Table

_PARTITION: Final = "BOOKMARK"


@dataclass(frozen=True, slots=True)
class DynamoDBBookmarks:
    """`ports.environment.Bookmarks`."""

    table: Table

    def load(self, walk: str) -> str | None:
        """One GetItem."""
        item = self.table.get(_PARTITION, walk)
        return item.get("cursor") if item else None

    def save(self, walk: str, cursor: str | None) -> None:
        """One PutItem."""
        self.table.put({"pk": _PARTITION, "sk": walk, "cursor": cursor})
