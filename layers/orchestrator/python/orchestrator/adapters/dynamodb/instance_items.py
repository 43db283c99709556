"""Items of an instance aggregate: head, variables, tasks with their data and tokens; and what they count."""

import json
from collections.abc import Callable
from datetime import datetime

from orchestrator.adapters.dynamodb import counters, keys
from orchestrator.adapters.dynamodb.codec import decode, encode, instant, to_text
from orchestrator.adapters.dynamodb.counters import ALL, Tally
from orchestrator.adapters.dynamodb.definitions import ACTIVE_INSTANCES
from orchestrator.adapters.dynamodb.table import Plain
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.instance import Instance
from orchestrator.domain.task import WAITING, Task, TaskStatus
from orchestrator.ports.transitions import InstanceTransition, ScopeMark

#: instances are looked up by these, in partitions of their own
LOOKUPS = ("BUSINESS_KEY", "PROJECT", "INITIATOR", "BATCH")


def head(instance: Instance) -> Plain:
    """The head: listed among all, by status and by definition."""
    return {
        "pk": keys.instance(instance.id),
        "sk": keys.HEAD,
        "open_sk": keys.OPEN_HEAD,
        "project_id": instance.project_id,
        **keys.listed(keys.position(instance.created_at, instance.id), *instance_lists(instance)),
        **encode(instance),
    }


def instance_lists(instance: Instance) -> tuple[str, str, str]:
    """The list partitions of an instance."""
    return (
        keys.INSTANCES,
        f"{keys.INSTANCES}#STATUS#{instance.status}",
        f"{keys.INSTANCES}#DEFINITION#{instance.definition_id}",
    )


def lookups(instance: Instance) -> list[Plain]:
    """Rows that find an instance by what never changes of it."""
    batch_id = instance.batch.batch_id if instance.batch else None
    values = (instance.business_key, instance.project_id, instance.created_by, batch_id)
    row = {"sk": keys.position(instance.created_at, instance.id), "instance_id": instance.id}
    return [{"pk": keys.lookup(kind, value), **row} for kind, value in zip(LOOKUPS, values, strict=True) if value]


def document(instance: Instance, sort_key: str, value: JsonObject, open_key: str | None = None) -> Plain:
    """JSON of the aggregate under a key of its own."""
    return {"pk": keys.instance(instance.id), "sk": sort_key, "open_sk": open_key, "json": to_text(value)}


def json_of(item: Plain | None) -> JsonObject | None:
    """The JSON that `document` holds."""
    return None if item is None else json.loads(item["json"])


#: puts the values behind references to the payload bucket into a document
Redeem = Callable[[JsonObject], JsonObject]


def as_it_is(values: JsonObject) -> JsonObject:
    """For readers that show no values."""
    return values


def task(entity: Task) -> Plain:
    """A task: listed among all, by status and by performer; open ones in the index `open`. A wait is in no list."""
    assignee = entity.assignment.assigned_to.key if entity.assignment else None
    at, due = keys.position(entity.created_at, entity.id), entity.work_due_at
    lists_in = (
        keys.TASKS,
        f"{keys.TASKS}#STATUS#{entity.status}",
        assignee and f"{keys.TASKS}#ASSIGNEE#{assignee}",
    )
    return {
        "pk": keys.instance(entity.instance_id),
        "sk": keys.task(entity.id),
        "open_sk": _open_key(entity, at),
        "element_id": entity.element_id,
        "assignee": assignee,
        "project_id": entity.project_id,
        **(keys.listed(at, *lists_in) if entity.is_work else {}),
        **(keys.work(assignee, due, entity.id) if assignee and due and entity.is_work else {}),
        **encode(entity),
    }


def _open_key(entity: Task, at: str) -> str | None:
    """Position in the index `open` of a task whose token has not been answered."""
    if entity.status is TaskStatus.FAILED:
        return keys.OPEN_FAILED + at
    if not entity.is_open:
        return None
    return (keys.OPEN_TASK if entity.is_work else keys.OPEN_WAIT) + at


def token(entity: Task, text: str, execution: str) -> Plain:
    """The task token of a task; it never leaves the server."""
    row = {"pk": keys.instance(entity.instance_id), "sk": keys.token(entity.id)}
    return row | {"token": text, "execution": execution, "task_id": entity.id}


def mark(made: ScopeMark) -> Plain:
    """The note that a scope has ended."""
    return {"pk": keys.instance(made.end.instance_id), "sk": keys.mark(made.end), "at": instant(made.at)}


def read_mark(item: Plain) -> datetime:
    """When the scope ended."""
    return datetime.fromisoformat(item["at"])


def read_instance(item: Plain) -> Instance:
    """The instance in a head."""
    return decode(Instance, item)


def read_task(item: Plain) -> Task:
    """The task in an item."""
    return decode(Task, item)


def tally(transition: InstanceTransition) -> Tally:
    """What a transition changes of the totals."""
    counted = Tally(transition.after.id)
    for instance, amount in ((transition.before, -1), (transition.after, 1)):
        if instance is not None:
            _count_instance(counted, instance, amount)
    for change in transition.tasks:
        for entity, amount in ((change.before, -1), (change.after, 1)):
            if entity is not None and entity.is_work:
                _count_task(counted, entity, amount)
    return counted


def _count_instance(counted: Tally, instance: Instance, amount: int) -> None:
    batch = counters.of_batch(instance.batch.batch_id) if instance.batch else None
    dimensions = (ALL, counters.of_definition(instance.definition_id), _project(instance.project_id), batch)
    for dimension in dimensions:
        counted.add(dimension, "instance", amount)
        counted.add(dimension, f"instance.status.{instance.status}", amount)
    if instance.rank is not None:
        counted.add(ALL, f"instance.queued.{instance.priority}", amount)
    counted.add(counters.of_definition(instance.definition_id), ACTIVE_INSTANCES, amount * instance.is_active)


def _count_task(counted: Tally, entity: Task, amount: int) -> None:
    assignee = entity.assignment.assigned_to.key if entity.assignment else None
    for dimension in (ALL, counters.of_assignee(assignee) if assignee else None):
        counted.add(dimension, "task", amount)
        counted.add(dimension, f"task.status.{entity.status}", amount)
    if entity.status in WAITING:
        counted.add(ALL, f"task.waiting.{entity.priority}", amount)


def _project(project_id: str | None) -> str | None:
    return counters.of_project(project_id) if project_id else None
