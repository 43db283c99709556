"""Instance aggregates in the table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from orchestrator.adapters.dynamodb import channels, compensations, keys, lists, messages, outbox, queue, slots, starts
from orchestrator.adapters.dynamodb import instance_items as items
from orchestrator.adapters.dynamodb.attributes import unmarshal
from orchestrator.adapters.dynamodb.counters import Tally
from orchestrator.adapters.dynamodb.instance_items import Redeem, as_it_is
from orchestrator.adapters.dynamodb.instance_lists import source_of
from orchestrator.adapters.dynamodb.schema import GSI2, OPEN
from orchestrator.adapters.dynamodb.table import Plain, Table, TransactionRefused
from orchestrator.adapters.dynamodb.thread_items import thread_writes
from orchestrator.adapters.dynamodb.writes import ABSENT, PRESENT, Condition, Write, check, once_each, put, update
from orchestrator.domain.admission import Slot
from orchestrator.domain.errors import NotFound
from orchestrator.domain.events import Event
from orchestrator.domain.ids import InstanceId, TaskId
from orchestrator.domain.instance import RESOURCE, Instance, InstanceStatus
from orchestrator.domain.task import UNANSWERED, Task
from orchestrator.ports.conflicts import NoSlot
from orchestrator.ports.instances import InstanceQuery, InstanceRecord, OpenWork, ScopeUnit
from orchestrator.ports.paging import Listing, Page
from orchestrator.ports.transitions import InstanceTransition, ScopeEnd, TaskTransition


@dataclass(frozen=True, slots=True)
class DynamoDBInstances:
    """`ports.instances.InstanceStore`."""

    table: Table
    retention_days: int
    redeem: Redeem = as_it_is

    def load(self, instance_id: str) -> Instance:
        """One GetItem."""
        item = self.table.get(keys.instance(instance_id), keys.HEAD)
        if item is None:
            raise NotFound(RESOURCE, instance_id)
        return items.read_instance(item)

    def load_many(self, instance_ids: Sequence[InstanceId]) -> Mapping[InstanceId, Instance]:
        """One BatchGetItem per hundred."""
        wanted = {(keys.instance(identity), keys.HEAD): identity for identity in instance_ids}
        found = self.table.get_many(list(wanted))
        return {wanted[key]: items.read_instance(item) for key, item in found.items()}

    def load_record(self, instance_id: str) -> InstanceRecord:
        """One Query of the index `open`."""
        found = list(self._open(instance_id, keys.OPEN_INPUT))
        documents = {item["sk"]: items.json_of(item) for item in found if "json" in item}
        work, output = _work(instance_id, found), documents.get(keys.OUTPUT)
        return InstanceRecord(
            instance=work.instance,
            input_variables=self.redeem(documents.get(keys.INPUT) or {}),
            output_variables=output if output is None else self.redeem(output),
            open_tasks=work.tasks,
        )

    def load_open_work(self, instance_id: str) -> OpenWork:
        """One Query of the index `open`."""
        return _work(instance_id, list(self._open(instance_id, keys.OPEN_HEAD)))

    def _open(self, instance_id: str, low: str) -> Iterator[Plain]:
        return self.table.all(keys.instance(instance_id), index=OPEN, low=low, high=keys.OPEN_TASK + keys.LAST)

    def load_scope(self, end: ScopeEnd) -> ScopeUnit:
        """One Query of the index `open`, and one GetItem for the mark."""
        work = self.load_unanswered(end.instance_id)
        return ScopeUnit(instance=work.instance, marked_at=self.ended_at(end), entries=work.tasks)

    def ends(self, instance_id: InstanceId, thread: str) -> tuple[ScopeEnd, ...]:
        """One Query."""
        first = keys.marks(thread)
        found = self.table.all(keys.instance(instance_id), low=first, high=first + keys.LAST)
        paths = (item["sk"].removeprefix(first).rpartition("#") for item in found)
        return tuple(
            ScopeEnd(instance_id=instance_id, thread=thread, scope=scope, element_id=element_id)
            for scope, _, element_id in paths
        )

    def ended_at(self, end: ScopeEnd) -> datetime | None:
        """One GetItem."""
        marked = self.table.get(keys.instance(end.instance_id), keys.mark(end))
        return items.read_mark(marked) if marked else None

    def thrown(self, instance_id: InstanceId, key: TaskId) -> str | None:
        """One GetItem."""
        item = self.table.get(keys.instance(instance_id), keys.thrown(key))
        return item["execution"] if item else None

    def load_unanswered(self, instance_id: InstanceId) -> OpenWork:
        """One Query of the index `open`."""
        partition = keys.instance(instance_id)
        found = list(self.table.all(partition, index=OPEN, low=keys.OPEN_FAILED, high=keys.OPEN_WAIT + keys.LAST))
        return OpenWork(instance=_head(instance_id, found), tasks=tuple(_tasks(found)))

    def list(self, query: InstanceQuery, page: Page) -> Listing[Instance]:
        """One query, and a counter read when there is more than one page."""
        return lists.page_of(self.table, source_of(self.table, query), page, items.read_instance)

    def in_status(self, status: InstanceStatus, *, limit: int, cursor: str | None) -> Listing[Instance]:
        """One query of the list by status, oldest first."""
        low = (lists.position_of(cursor) or lists.LOWEST) if cursor else lists.LOWEST
        partition = f"{keys.INSTANCES}#STATUS#{status}"
        answer = self.table.query(partition, index=GSI2, consistent=False, low=low, limit=limit)
        found = [unmarshal(item) for item in answer["Items"]]
        last = found[-1][GSI2.sort_key] if found and "LastEvaluatedKey" in answer else None
        return Listing(
            items=tuple(map(items.read_instance, found)),
            total=len(found),
            total_is_exact=False,
            has_more=last is not None,
            next_cursor=lists.cursor_at(last + " ") if last else None,
        )

    def history(self, instance: Instance, *, after: int, limit: int) -> tuple[Event, ...]:
        """One Query: events are keyed by their numbers, which have no gaps, so any depth costs its page only."""
        low, high = keys.event(after + 1), keys.event(after + limit)
        return tuple(outbox.read(item) for item in self.table.all(keys.instance(instance.id), low=low, high=high))

    def commit(self, transition: InstanceTransition) -> None:
        """One transaction: head, variables, tasks, events, counters, slots, place in the queue."""
        tally = items.tally(transition)
        taken = _taken(transition)
        writes = [*taken, *_writes(transition, tally, self.retention_days), *tally.writes()]
        try:
            self.table.transact(writes)
        except TransactionRefused as refused:
            if all(position < len(taken) for position in refused.failed):
                raise NoSlot(transition.after.id) from refused
            raise

    def commit_new(self, transitions: Sequence[InstanceTransition]) -> None:
        """One transaction, in which what they have in common is checked and counted once."""
        tally, writes = Tally(transitions[0].after.id), list[Write]()
        for transition in transitions:
            own = items.tally(transition)
            writes += _writes(transition, own, self.retention_days)
            tally.take(own)
        self.table.transact([*once_each(writes), *tally.writes()])


def _writes(transition: InstanceTransition, tally: Tally, retention_days: int) -> list[Write]:
    after, partition = transition.after, keys.instance(transition.after.id)
    writes = [put(items.head(after), _unmoved(transition.before))]
    if transition.before is None:
        writes += _birth(after)
    if transition.input_variables is not None:
        writes.append(put(items.document(after, keys.INPUT, transition.input_variables, keys.OPEN_INPUT)))
    if transition.output_variables is not None:
        writes.append(put(items.document(after, keys.OUTPUT, transition.output_variables, keys.OPEN_OUTPUT)))
    if transition.mark is not None:
        writes.append(put(items.mark(transition.mark)))
    if transition.unended is not None:
        writes.append(check(partition, keys.mark(transition.unended), Condition(text=ABSENT)))
    for change in transition.tasks:
        writes += _task_writes(after, change)
    writes += thread_writes(after, transition)
    writes += compensations.writes(transition)
    if transition.taken is not None:
        writes.append(messages.take(transition.taken, after.definition_id))
    if transition.thrown is not None:
        writes += messages.thrown(partition, transition.thrown)
    writes += [slots.give_back(slot) for slot in _given_back(transition)]
    writes += queue.changes(transition.before, after)
    writes += starts.locks(transition.before, after)
    return writes + outbox.writes(partition, transition.events, retention_days=retention_days, tally=tally)


def _taken(transition: InstanceTransition) -> list[Write]:
    before, held = transition.before, transition.before.slots if transition.before else ()
    from_queue = before is not None and before.rank is not None
    return [slots.take(slot, from_queue=from_queue) for slot in transition.after.slots if slot not in held]


def _given_back(transition: InstanceTransition) -> list[Slot]:
    held = transition.before.slots if transition.before else ()
    return [slot for slot in held if slot not in transition.after.slots]


def _work(instance_id: str, found: list[Plain]) -> OpenWork:
    open_tasks = tuple(task for task in _tasks(found) if task.is_open)
    return OpenWork(instance=_head(instance_id, found), tasks=open_tasks)


def _head(instance_id: str, found: list[Plain]) -> Instance:
    head = next((item for item in found if item["sk"] == keys.HEAD), None)
    if head is None:
        raise NotFound(RESOURCE, instance_id)
    return items.read_instance(head)


def _tasks(found: list[Plain]) -> Iterator[Task]:
    return (items.read_task(item) for item in found if item["sk"].startswith(keys.TASK))


def _unmoved(before: Instance | None) -> Condition:
    if before is None:
        return Condition(text=ABSENT)
    return Condition(text="#s = :s", names={"s": "sequence"}, values={"s": before.sequence})


def _birth(instance: Instance) -> list[Write]:
    serving = Condition(text="serving = :yes", values={"yes": True})
    lookups: list[Write] = [put(row) for row in items.lookups(instance)]
    return [check(keys.definition(instance.definition_id), keys.HEAD, serving), *_in_batch(instance), *lookups]


def _in_batch(instance: Instance) -> list[Write]:
    """A batch that was cancelled gets no more instances."""
    if instance.batch is None:
        return []
    going_on = Condition(text="attribute_not_exists(cancelled_at)")
    return [check(keys.batch(instance.batch.batch_id), keys.HEAD, going_on)]


def _task_writes(instance: Instance, change: TaskTransition) -> list[Write]:
    task = change.after
    writes = [put(items.task(task), _unrevised(change.before)), *channels.writes(instance, change)]
    if change.before is None and change.token is not None:
        writes.append(put(items.token(task, change.token, change.execution or "")))
    elif _owes_answer(change):
        writes.append(_owe_answer(task, change.token))
    if change.input_data is not None:
        writes.append(put(items.document(instance, keys.task_input(task.id), change.input_data)))
    if change.result_data is not None:
        writes.append(put(items.document(instance, keys.task_result(task.id), change.result_data)))
    return writes


def _unrevised(before: Task | None) -> Condition:
    """The task is as it was read (None: there was none); one without a count was written before there was the count."""
    if before is None:
        return Condition(text=ABSENT)
    if not before.revision:
        return Condition(text=f"{PRESENT} AND attribute_not_exists(revision)")
    return Condition(text="revision = :r", values={"r": before.revision})


def _owes_answer(change: TaskTransition) -> bool:
    closes = change.before is not None and change.before.status in UNANSWERED and change.after.status not in UNANSWERED
    return closes and not change.is_answered


def _owe_answer(task: Task, token: str | None) -> Write:
    """Note that the token must be answered, and that it still is the token that was read (None: none has come)."""
    partition, sort_key = keys.instance(task.instance_id), keys.token(task.id)
    if token is None:
        return check(partition, sort_key, Condition(text="attribute_not_exists(#t)", names={"t": "token"}))
    values = {"open": keys.OPEN_ANSWER + task.id, "t": token}
    change = Condition(text="SET open_sk = :open", values=values, names={"t": "token"})
    return update(partition, sort_key, change, condition="#t = :t")
