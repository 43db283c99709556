"""Side threads in the table, as they are read."""

from dataclasses import dataclass

from orchestrator.adapters.dynamodb import instance_items as items
from orchestrator.adapters.dynamodb import keys
from orchestrator.adapters.dynamodb.schema import OPEN
from orchestrator.adapters.dynamodb.table import Table
from orchestrator.adapters.dynamodb.thread_items import read_group, read_thread
from orchestrator.adapters.dynamodb.writes import Condition, update
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.errors import NotFound
from orchestrator.domain.ids import InstanceId, ThreadId
from orchestrator.domain.instance import RESOURCE
from orchestrator.domain.side_thread import SideThread
from orchestrator.ports.threads import GroupUnit
from orchestrator.ports.transitions import ThreadArrival


@dataclass(frozen=True, slots=True)
class DynamoDBThreads:
    """`ports.threads.ThreadStore`."""

    table: Table

    def load_group(self, instance_id: InstanceId, key: str) -> GroupUnit:
        """One BatchGetItem, then one Query of the index `open`: a group moves with every change of its threads."""
        partition = keys.instance(instance_id)
        found = self.table.get_many([(partition, keys.HEAD), (partition, keys.group(key))])
        if (partition, keys.HEAD) not in found:
            raise NotFound(RESOURCE, instance_id)
        group = found.get((partition, keys.group(key)))
        return GroupUnit(
            instance=items.read_instance(found[partition, keys.HEAD]),
            group=read_group(group) if group else None,
            live=tuple(thread for thread in self.running(instance_id) if thread.is_live),
        )

    def load(self, instance_id: InstanceId, thread: ThreadId) -> SideThread | None:
        """One GetItem."""
        item = self.table.get(keys.instance(instance_id), keys.thread(thread))
        return read_thread(item) if item else None

    def token(self, instance_id: InstanceId, thread: ThreadId) -> JsonObject:
        """One GetItem."""
        stored = items.json_of(self.table.get(keys.instance(instance_id), keys.thread_token(thread)))
        if stored is None:
            raise NotFound("thread", thread)
        return stored

    def running(self, instance_id: InstanceId) -> tuple[SideThread, ...]:
        """One Query of the index `open`."""
        low, high = keys.OPEN_THREAD, keys.OPEN_THREAD + keys.LAST
        return tuple(map(read_thread, self.table.all(keys.instance(instance_id), index=OPEN, low=low, high=high)))

    def arrival(self, instance_id: InstanceId, arrival: ThreadArrival) -> JsonObject | None:
        """One GetItem."""
        return items.json_of(self.table.get(keys.instance(instance_id), keys.arrival(arrival)))

    def ended(self, instance_id: InstanceId, key: str) -> tuple[JsonObject, ...]:
        """One Query."""
        low = keys.group_end(key)
        found = self.table.all(keys.instance(instance_id), low=low, high=low + keys.LAST)
        return tuple(stored for stored in map(items.json_of, found) if stored is not None)

    def confirm_stopped(self, instance_id: InstanceId, thread: ThreadId) -> None:
        """One update."""
        forget = Condition(text="REMOVE open_sk")
        self.table.apply(update(keys.instance(instance_id), keys.thread(thread), forget))
