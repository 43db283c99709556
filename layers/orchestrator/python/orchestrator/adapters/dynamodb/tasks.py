"""Tasks in the table, as they are read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from orchestrator.adapters.dynamodb import instance_items as items
from orchestrator.adapters.dynamodb import keys, lists
from orchestrator.adapters.dynamodb.attributes import unmarshal
from orchestrator.adapters.dynamodb.codec import decode, encode
from orchestrator.adapters.dynamodb.instance_items import Redeem, as_it_is
from orchestrator.adapters.dynamodb.instance_lists import source_of_tasks
from orchestrator.adapters.dynamodb.schema import GSI4, OPEN
from orchestrator.adapters.dynamodb.table import Plain, Table
from orchestrator.adapters.dynamodb.writes import Condition, check, put, update
from orchestrator.domain import instance as instances
from orchestrator.domain.errors import NotFound
from orchestrator.domain.ids import InstanceId, TaskId, instance_of
from orchestrator.domain.task import RESOURCE, UNANSWERED, LogLine, Task
from orchestrator.ports.paging import Listing, Page
from orchestrator.ports.tasks import TaskQuery, TaskRecord, TaskUnit

#: an item holds 400 KB, a line is far below one of these parts
ADDED_LINES: Final = 100


@dataclass(frozen=True, slots=True)
class DynamoDBTasks:
    """`ports.tasks.TaskStore`."""

    table: Table
    redeem: Redeem = as_it_is

    def load(self, task_id: str) -> TaskRecord:
        """One BatchGetItem: task, input, result, added log."""
        owner = instance_of(task_id)
        if owner is None:
            raise NotFound(RESOURCE, task_id)
        data = (keys.task_input(task_id), keys.task_result(task_id), keys.task_log(task_id))
        found = self._items(owner, keys.task(task_id), *data)
        if keys.task(task_id) not in found:
            raise NotFound(RESOURCE, task_id)
        return TaskRecord(
            task=items.read_task(found[keys.task(task_id)]),
            input_data=self.redeem(items.json_of(found.get(keys.task_input(task_id))) or {}),
            result_data=items.json_of(found.get(keys.task_result(task_id))),
            added_log=tuple(decode(LogLine, line) for line in found.get(keys.task_log(task_id), {}).get("lines", ())),
        )

    def add_log(self, task: Task, line: LogLine) -> bool:
        """One UpdateItem, which loses no line of another caller."""
        added = Condition(
            text="SET #lines = list_append(if_not_exists(#lines, :none), :line)",
            names={"lines": "lines"},
            values={"none": [], "line": [encode(line)], "most": ADDED_LINES},
        )
        room = "attribute_not_exists(#lines) OR size(#lines) < :most"
        return self.table.apply(update(keys.instance(task.instance_id), keys.task_log(task.id), added, condition=room))

    def load_unit(self, instance_id: InstanceId, task_id: TaskId) -> TaskUnit:
        """One BatchGetItem: head, task, token, result."""
        wanted = (keys.task(task_id), keys.token(task_id), keys.task_result(task_id))
        found = self._items(instance_id, keys.HEAD, *wanted)
        if keys.HEAD not in found:
            raise NotFound(instances.RESOURCE, instance_id)
        task, token, result = (found.get(sort_key) for sort_key in wanted)
        return TaskUnit(
            instance=items.read_instance(found[keys.HEAD]),
            task=items.read_task(task) if task else None,
            token=token.get("token") if token else None,
            result_data=items.json_of(result),
        )

    def _items(self, instance_id: InstanceId, *sort_keys: str) -> dict[str, Plain]:
        partition = keys.instance(instance_id)
        found = self.table.get_many([(partition, sort_key) for sort_key in sort_keys])
        return {sort_key: item for (_, sort_key), item in found.items()}

    def list(self, query: TaskQuery, page: Page) -> Listing[Task]:
        """One query, and a counter read when there is more than one page; one instance's tasks are sorted here."""
        if query.instance_id is not None:
            return self._of_instance(query, query.instance_id, page)
        return lists.page_of(self.table, source_of_tasks(query), page, items.read_task)

    def _of_instance(self, query: TaskQuery, instance_id: str, page: Page) -> Listing[Task]:
        stored = self.table.all(keys.instance(instance_id), low=keys.TASK, high=keys.TASK + keys.LAST)
        tasks = sorted((task for task in map(items.read_task, stored) if _matches(query, task)), key=_position)
        beyond = lists.position_of(page.cursor)
        newest = [task for task in reversed(tasks) if beyond is None or _position(task) < beyond]
        shown = newest[page.offset : page.offset + page.limit]
        more = len(newest) > page.offset + page.limit
        return Listing(
            items=tuple(shown),
            total=len(tasks),
            has_more=more,
            next_cursor=lists.cursor_at(_position(shown[-1])) if more and shown else None,
        )

    def due_work(self, service: str, *, now: datetime, most: int) -> tuple[Task, ...]:
        """One Query of the index of work."""
        high = keys.instant(now) + lists.HIGHEST
        page = self.table.query(keys.work_of(service), high=high, index=GSI4, consistent=False, limit=most)
        return tuple(items.read_task(unmarshal(item)) for item in page["Items"])

    def attach(self, task: Task, *, token: str, execution: str) -> None:
        """One transaction: the token, if the task is still unanswered."""
        statuses = {f"s{place}": status for place, status in enumerate(sorted(UNANSWERED))}
        text = f"#status IN ({', '.join(f':{name}' for name in statuses)})"
        still_open = Condition(text=text, values=statuses, names={"status": "status"})
        unanswered = check(keys.instance(task.instance_id), keys.task(task.id), still_open)
        self.table.transact([unanswered, put(items.token(task, token, execution))])

    def unanswered(self, instance_id: InstanceId) -> tuple[TaskUnit, ...]:
        """One Query of the index `open`, and one BatchGetItem per task that it names."""
        partition = keys.instance(instance_id)
        owed = self.table.all(partition, index=OPEN, low=keys.OPEN_ANSWER, high=keys.OPEN_ANSWER + keys.LAST)
        return tuple(self.load_unit(instance_id, TaskId(item["task_id"])) for item in owed if "task_id" in item)

    def confirm_answer(self, task_id: TaskId) -> None:
        """One update."""
        owner = instance_of(task_id)
        if owner is not None:
            forget = Condition(text="REMOVE open_sk")
            self.table.transact([update(keys.instance(owner), keys.token(task_id), forget)])


def _position(task: Task) -> str:
    return keys.position(task.created_at, task.id)


def _matches(query: TaskQuery, task: Task) -> bool:
    assignee = task.assignment.assigned_to.key if task.assignment else None
    asked = (
        (query.status, task.status),
        (query.type, task.type),
        (query.priority, task.priority),
        (query.assignee, assignee),
    )
    if query.visible_projects is not None and task.project_id not in query.visible_projects:
        return False
    if query.due_before is not None and (task.due_date is None or task.due_date > query.due_before):
        return False
    return all(wanted is None or wanted == value for wanted, value in asked)
