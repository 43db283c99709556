"""Definitions in the table: a head, the content of the current version, and one item per published version."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from orchestrator.adapters.dynamodb import called, counters, keys, lists, outbox, schedules, starts
from orchestrator.adapters.dynamodb.codec import decode, encode, to_text
from orchestrator.adapters.dynamodb.counters import ALL, Tally
from orchestrator.adapters.dynamodb.table import Plain, Table
from orchestrator.adapters.dynamodb.texts import Texts
from orchestrator.adapters.dynamodb.writes import ABSENT, Condition, Write, delete, put
from orchestrator.compiler.catalogue import Catalogue
from orchestrator.domain.definition import RESOURCE, Definition, Version
from orchestrator.domain.errors import Conflict, NotFound
from orchestrator.domain.events import Event
from orchestrator.ports.definitions import DefinitionQuery, DefinitionTransition, DefinitionVersion
from orchestrator.ports.paging import Listing, Page

ACTIVE_INSTANCES = "instance.active"


@dataclass(frozen=True, slots=True)
class DynamoDBDefinitions:
    """`ports.definitions.DefinitionStore`."""

    table: Table
    texts: Texts
    retention_days: int
    _catalogues: dict[tuple[str, Version], Catalogue] = field(default_factory=dict[tuple[str, Version], Catalogue])

    def load(self, definition_id: str) -> Definition:
        """One GetItem."""
        item = self.table.get(keys.definition(definition_id), keys.HEAD)
        if item is None:
            raise NotFound(RESOURCE, definition_id)
        return decode(Definition, item)

    def load_many(self, definition_ids: Sequence[str]) -> Mapping[str, Definition]:
        """One BatchGetItem per hundred."""
        wanted = {(keys.definition(identity), keys.HEAD): identity for identity in definition_ids}
        found = self.table.get_many(list(wanted))
        return {wanted[key]: decode(Definition, item) for key, item in found.items()}

    def load_with_content(self, definition_id: str) -> tuple[Definition, str]:
        """One Query over head and content."""
        items = {item["sk"]: item for item in self.table.all(keys.definition(definition_id), **_HEAD_AND_CONTENT)}
        if keys.HEAD not in items:
            raise NotFound(RESOURCE, definition_id)
        return decode(Definition, items[keys.HEAD]), self.texts.unpack(items[keys.CONTENT])

    def load_catalogue(self, definition_id: str, version: Version) -> Catalogue:
        """One GetItem for the first caller in a process: versions never change."""
        cached = self._catalogues.get((definition_id, version))
        if cached is not None:
            return cached
        item = self.table.get(keys.definition(definition_id), keys.version(version), consistent=True)
        if item is None:
            raise NotFound(RESOURCE, f"{definition_id} {version}")
        catalogue = decode(Catalogue, json.loads(self.texts.unpack(item["catalogue"])))
        self._catalogues[definition_id, version] = catalogue
        return catalogue

    def versions(self, definition_id: str) -> tuple[tuple[Version, str], ...]:
        """One Query."""
        items = self._version_items(definition_id)
        return tuple((Version.parse(item["version"]), item["state_machine_arn"]) for item in items)

    def _version_items(self, definition_id: str) -> list[Plain]:
        partition = keys.definition(definition_id)
        return list(self.table.all(partition, low=keys.VERSION, high=keys.VERSION + keys.LAST))

    def list(self, query: DefinitionQuery, page: Page) -> Listing[Definition]:
        """One index query, and a counter read when there is more than one page."""
        return lists.page_of(self.table, _source(query), page, lambda item: decode(Definition, item))

    def commit(self, transition: DefinitionTransition) -> None:
        """One transaction: head, content, version and the rows that find it, events, counters."""
        before, after = transition.before, transition.after
        partition = keys.definition(after.id)
        tally = _tally(before, after)
        writes = [put(_head(after), _unmoved(before))]
        if transition.content is not None:
            packed = self.texts.pack(transition.content, owner=after.id)
            writes.append(put({"pk": partition, "sk": keys.CONTENT, **packed}))
        if transition.version is not None:
            writes += self._published(transition.version, after)
        writes += starts.changes(before, after)
        writes += schedules.changes(before, after, transition.schedules)
        writes += outbox.writes(partition, transition.events, retention_days=self.retention_days, tally=tally)
        self.table.transact(writes + tally.writes())

    def _published(self, version: DefinitionVersion, after: Definition) -> Iterator[Write]:
        row = called.lookup(version, after)
        found_by = {"process_id": version.catalogue.process_id}
        more = {name: row[name] for name in ("published_at", "definition_id", "planned_tasks")}
        yield put(self._version(version) | found_by | more)
        if version.catalogue.starts_on_request:  # else no call activity may call it
            yield put(row)

    def _version(self, published: DefinitionVersion) -> dict[str, Any]:
        owner = published.definition_id
        return {
            "pk": keys.definition(owner),
            "sk": keys.version(published.version),
            "version": str(published.version),
            "state_machine_arn": published.state_machine_arn,
            "catalogue": self.texts.pack(to_text(encode(published.catalogue)), owner=owner),
            "content": self.texts.pack(published.content, owner=owner),
        }

    def delete(self, definition: Definition, events: tuple[Event, ...]) -> None:
        """One counter read, then one transaction that holds only while no instance is active."""
        partition = keys.definition(definition.id)
        dimension = counters.of_definition(definition.id)
        shards = counters.read(self.table, dimension, consistent=True)
        if active := counters.total(shards, [ACTIVE_INSTANCES]):
            raise Conflict(
                "Workflow definition has active instances",
                current_status=definition.status,
                definition_id=definition.id,
                active_instances=active,
            )
        tally = _tally(definition, None)
        writes: list[Write] = [delete(partition, keys.HEAD, _unmoved(definition)), delete(partition, keys.CONTENT)]
        writes += starts.changes(definition, None)
        writes += schedules.changes(definition, None, ())
        writes += counters.unchanged(dimension, shards, ACTIVE_INSTANCES)
        writes += outbox.writes(partition, events, retention_days=self.retention_days, tally=tally)
        self.table.transact(writes + tally.writes())

    def forget_versions(self, definition_id: str) -> None:
        """Two deletes per version: the row that finds it first."""
        versions = self._version_items(definition_id)
        self.table.delete_all(key for item in versions if (key := called.lookup_key(item)) is not None)
        self.table.delete_all((item["pk"], item["sk"]) for item in versions)


_HEAD_AND_CONTENT = {"low": keys.HEAD, "high": keys.HEAD + keys.LAST}


def _unmoved(before: Definition | None) -> Condition:
    if before is None:
        return Condition(text=ABSENT)
    return Condition(text="#s = :s", names={"s": "sequence"}, values={"s": before.sequence})


def _head(definition: Definition) -> dict[str, Any]:
    category = definition.category
    lists_in = (
        keys.DEFINITIONS,
        f"{keys.DEFINITIONS}#STATUS#{definition.status}",
        category and f"{keys.DEFINITIONS}#CATEGORY#{category}",
    )
    return {
        "pk": keys.definition(definition.id),
        "sk": keys.HEAD,
        "serving": definition.is_serving,
        "category": category,
        "tags": list(definition.tags),
        **keys.listed(keys.position(definition.created_at, definition.id), *lists_in),
        **encode(definition),
    }


def _tally(before: Definition | None, after: Definition | None) -> Tally:
    aggregate = after or before
    tally = Tally(aggregate.id if aggregate else "")
    for definition, amount in ((before, -1), (after, 1)):
        if definition is None:
            continue
        status = f"definition.status.{definition.status}"
        tally.add(ALL, "definition", amount)
        tally.add(ALL, status, amount)
        category = counters.of_category(definition.category) if definition.category else None
        tally.add(category, "definition", amount)
        tally.add(category, status, amount)
    return tally


def _source(query: DefinitionQuery) -> lists.Source:
    """By category, else by status, else all; the rest is filtered."""
    narrowing = lists.Narrowing()
    for tag in query.tags:
        narrowing.contains("tags", tag)
    narrowing.equal("created_by", query.created_by)
    counted = f"definition.status.{query.status}" if query.status else "definition"
    if query.category:
        partition, place = f"{keys.DEFINITIONS}#CATEGORY#{query.category}", 2
        dimension = counters.of_category(query.category)
        exact = not narrowing.clauses
        narrowing.equal("status", query.status)
    else:
        partition = f"{keys.DEFINITIONS}#STATUS#{query.status}" if query.status else keys.DEFINITIONS
        place, dimension, exact = (1 if query.status else 0), ALL, not narrowing.clauses
    return lists.Source(
        partition=partition,
        index=keys.index_of(place),
        filters=narrowing.filters(),
        counter=(dimension, (counted,)) if exact else None,
    )
