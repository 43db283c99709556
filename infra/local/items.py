"""Which items of DynamoDB tables changed since the last save: a save writes these and no others."""
# ruff: noqa: SLF001 - the endpoint has no public seam for this

import json
from collections import defaultdict
from typing import Any

from infra.local.emulator import service
from infra.local.store import Changes, Store

Json = dict[str, Any]
_PREFIX = "items/"


class ItemJournal:
    """Notes every change of an item; used on the loop that serves requests."""

    def __init__(self) -> None:
        self._dynamodb = service("dynamodb")
        self._changed: dict[str, dict[tuple[str, str], Json | None]] = {}

    def install(self) -> None:
        """Watch the three functions through which the endpoint changes items."""
        dynamodb = self._dynamodb
        set_item, remove_item, replaced = dynamodb._set_item, dynamodb._remove_item, dynamodb._items_replaced

        def setting(table: Json, partition: str, sort: str, item: Json) -> Any:
            self._of(table)[partition, sort] = item
            return set_item(table, partition, sort, item)

        def removing(table: Json, partition: str, sort: str) -> Any:
            self._of(table)[partition, sort] = None
            return remove_item(table, partition, sort)

        def replacing(table: Json) -> Any:
            self._of(table).update(_all_items(table))
            return replaced(table)

        dynamodb._set_item, dynamodb._remove_item, dynamodb._items_replaced = setting, removing, replacing

    def _of(self, table: Json) -> dict[tuple[str, str], Json | None]:
        return self._changed.setdefault(_collection(table), {})

    def take(self, changes: Changes) -> None:
        """Add what changed since the last call."""
        taken, self._changed = self._changed, {}
        for collection, items in taken.items():
            for key, item in items.items():
                changes.put(collection, json.dumps(key), None if item is None else json.dumps(item))

    def restore(self, store: Store) -> None:
        """Fill the restored tables; items of tables that are no more are forgotten."""
        tables = {_collection(table): table for table in self._dynamodb._tables._data.values()}
        for collection in store.collections():
            if not collection.startswith(_PREFIX):
                continue
            table = tables.get(collection)
            if table is None:
                store.drop(collection)
                continue
            for key, value in store.read(collection):
                partition, sort = json.loads(key)
                table["items"][partition][sort] = json.loads(value)
            self._dynamodb._update_counts(table)


def _collection(table: Json) -> str:
    return f"{_PREFIX}{table['TableName']}/{table['TableId']}"


def _all_items(table: Json) -> dict[tuple[str, str], Json | None]:
    return {(part, sort): item for part, items in table["items"].items() for sort, item in items.items()}


def without_items(table: Json) -> Json:
    """A table's metadata."""
    return {key: value for key, value in table.items() if key not in ("items", "_index_members")}


def with_items(table: Json) -> Json:
    """A restored table, still empty."""
    return {**table, "items": defaultdict(dict)}
