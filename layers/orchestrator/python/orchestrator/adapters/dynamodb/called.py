"""Published versions by the id of their process, and the calls that instances made."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from orchestrator.adapters.dynamodb import keys
from orchestrator.adapters.dynamodb.codec import decode, instant
from orchestrator.adapters.dynamodb.table import Plain, Table
from orchestrator.domain.definition import Definition, Version
from orchestrator.domain.ids import DefinitionId, InstanceId, TaskId
from orchestrator.domain.instance import Instance
from orchestrator.ports.activities import Callee, Link
from orchestrator.ports.definitions import DefinitionVersion


def lookup(published: DefinitionVersion, definition: Definition) -> Plain:
    """The row by which a published version is found; newer ones sort after older ones."""
    at = definition.publication.published_at if definition.publication else definition.updated_at
    return {
        "pk": keys.process(published.catalogue.process_id),
        "sk": f"{instant(at)}#{published.definition_id}",
        "published_at": instant(at),
        "definition_id": published.definition_id,
        "version": str(published.version),
        "version_tag": published.catalogue.version_tag,
        "state_machine_arn": published.state_machine_arn,
        "planned_tasks": len(published.catalogue.planned_tasks),
    }


def lookup_key(version: Plain) -> tuple[str, str] | None:
    """The key of the row that finds a stored version."""
    if "process_id" not in version:
        return None
    return keys.process(version["process_id"]), f"{version['published_at']}#{version['definition_id']}"


@dataclass(frozen=True, slots=True)
class DynamoDBCalledDefinitions:
    """`ports.activities.CalledDefinitions`."""

    table: Table

    def find(self, called: str, *, version: str | None = None, known_to: Instance | None = None) -> Callee | None:
        """One Query, newest first, and one GetItem per definition until one serves."""
        limit = self._published_at(known_to) if known_to else None
        for row in self._rows(called):
            if version is not None and version not in {row["version"], row.get("version_tag")}:
                continue
            if limit is not None and row["published_at"] > limit:
                continue
            head = self.table.get(keys.definition(row["definition_id"]), keys.HEAD)
            if head is not None and head.get("serving"):
                return _callee(row, decode(Definition, head).name)
        return None

    def _rows(self, called: str) -> Iterator[Plain]:
        """Rows of a process id; a definition id names one process."""
        rows = self.table.all(keys.process(called), forward=False)
        own = self.table.all(keys.definition(called), low=keys.VERSION, high=keys.VERSION + keys.LAST)
        yield from rows
        yield from sorted(own, key=lambda item: item.get("published_at", ""), reverse=True)

    def _published_at(self, instance: Instance) -> str | None:
        item = self.table.get(keys.definition(instance.definition_id), keys.version(instance.definition_version))
        return item.get("published_at") if item else None


def _callee(row: dict[str, Any], name: str) -> Callee:
    return Callee(
        definition_id=DefinitionId(row["definition_id"]),
        version=Version.parse(row["version"]),
        state_machine_arn=row["state_machine_arn"],
        name=name,
        planned_tasks=int(row.get("planned_tasks", 0)),
    )


@dataclass(frozen=True, slots=True)
class DynamoDBCallLinks:
    """`ports.activities.CallLinks`."""

    table: Table

    def add(self, caller: InstanceId, link: Link) -> None:
        """One PutItem."""
        self.table.put({**_key(caller, link), "task_id": link.task_id, "called": link.instance_id})

    def of(self, caller: InstanceId) -> tuple[Link, ...]:
        """One Query."""
        rows = self.table.all(keys.instance(caller), low=keys.CALL, high=keys.CALL + keys.LAST)
        return tuple(Link(TaskId(row["task_id"]), InstanceId(row["called"])) for row in rows)

    def remove(self, caller: InstanceId, link: Link) -> None:
        """One DeleteItem."""
        key = _key(caller, link)
        self.table.delete_all([(key["pk"], key["sk"])])


def _key(caller: InstanceId, link: Link) -> dict[str, str]:
    return {"pk": keys.instance(caller), "sk": keys.CALL + link.task_id}
