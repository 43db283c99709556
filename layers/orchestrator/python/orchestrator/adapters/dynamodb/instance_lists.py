"""Which partition answers which query of instances and tasks: the most selective one; the rest is filtered."""

from collections.abc import Callable
from functools import partial

from orchestrator.adapters.dynamodb import counters, keys, lists
from orchestrator.adapters.dynamodb.counters import ALL
from orchestrator.adapters.dynamodb.table import Plain, Table
from orchestrator.ports.instances import InstanceQuery
from orchestrator.ports.tasks import TaskQuery


def source_of(table: Table, query: InstanceQuery) -> lists.Source:
    """By batch, business key, definition, project, initiator, status, or all, in this order."""
    looked_up = (
        ("BATCH", query.batch_id),
        ("BUSINESS_KEY", query.business_key),
        ("PROJECT", _project(query)),
        ("INITIATOR", query.created_by),
    )
    for kind, value in looked_up:
        if value is not None and not (query.definition_id and kind in {"PROJECT", "INITIATOR"}):
            return _looked_up(table, query, kind, value)
    return _listed(query)


def _project(query: InstanceQuery) -> str | None:
    """The one project that the query or the caller's confinement leaves."""
    if query.project_id is None and query.visible_projects is not None and len(query.visible_projects) == 1:
        return next(iter(query.visible_projects))
    return query.project_id


def _looked_up(table: Table, query: InstanceQuery, kind: str, value: str) -> lists.Source:
    counted = None
    counter_of = {"PROJECT": counters.of_project, "BATCH": counters.of_batch}.get(kind)
    if counter_of is not None and _is_only_status(query, kind):
        counted = (counter_of(value), (_counted(query),))
    return lists.Source(
        partition=keys.lookup(kind, value),
        index=None,
        low=lists.since(query.created_after),
        high=lists.until(query.created_before),
        counter=counted,
        resolve=partial(_heads, table, _matching(query)),
    )


def _heads(table: Table, matches: Callable[[Plain], bool], rows: list[Plain]) -> list[Plain]:
    """The heads that lookup rows point at, at the rows' positions."""
    wanted = [(keys.instance(row["instance_id"]), keys.HEAD) for row in rows]
    found = table.get_many(wanted, consistent=False)
    heads = ((row, found.get(key)) for row, key in zip(rows, wanted, strict=True))
    return [head | {"sk": row["sk"]} for row, head in heads if head is not None and matches(head)]


def _matching(query: InstanceQuery) -> Callable[[Plain], bool]:
    wanted = {
        "status": query.status,
        "priority": query.priority,
        "definition_id": query.definition_id,
        "project_id": query.project_id,
        "created_by": query.created_by,
        "business_key": query.business_key,
    }
    asked = {name: value for name, value in wanted.items() if value is not None}
    visible = query.visible_projects

    def matches(head: Plain) -> bool:
        if visible is not None and head.get("project_id") not in visible:
            return False
        return all(head.get(name) == value for name, value in asked.items())

    return matches


def _listed(query: InstanceQuery) -> lists.Source:
    narrowing = lists.Narrowing()
    narrowing.equal("priority", query.priority)
    narrowing.equal("project_id", query.project_id)
    narrowing.equal("created_by", query.created_by)
    narrowing.one_of("project_id", query.visible_projects)
    timed = query.created_after or query.created_before
    counter = None
    if not narrowing.clauses and not timed:
        counter = (counters.of_definition(query.definition_id) if query.definition_id else ALL, (_counted(query),))
    if query.definition_id:
        place, name = 2, f"{keys.INSTANCES}#DEFINITION#{query.definition_id}"
        narrowing.equal("status", query.status)
    else:
        place, name = (1, f"{keys.INSTANCES}#STATUS#{query.status}") if query.status else (0, keys.INSTANCES)
    return lists.Source(
        partition=name,
        index=keys.index_of(place),
        low=lists.since(query.created_after),
        high=lists.until(query.created_before),
        filters=narrowing.filters(),
        counter=counter,
    )


def _counted(query: InstanceQuery) -> str:
    return f"instance.status.{query.status}" if query.status else "instance"


def _is_only_status(query: InstanceQuery, kind: str) -> bool:
    others = (query.definition_id, query.priority, query.created_by, query.business_key)
    confined = kind == "BATCH" and (query.project_id or query.visible_projects is not None)
    return not any((*others, query.created_after, query.created_before, confined))


def source_of_tasks(query: TaskQuery) -> lists.Source:
    """By performer, else by status, else all."""
    narrowing = lists.Narrowing()
    narrowing.equal("type", query.type)
    narrowing.equal("priority", query.priority)
    narrowing.at_most("due_date", query.due_before and keys.instant(query.due_before))
    narrowing.one_of("project_id", query.visible_projects)
    counter = None
    if not narrowing.clauses:
        counted = f"task.status.{query.status}" if query.status else "task"
        counter = (counters.of_assignee(query.assignee) if query.assignee else ALL, (counted,))
    if query.assignee:
        place, name = 2, f"{keys.TASKS}#ASSIGNEE#{query.assignee}"
        narrowing.equal("status", query.status)
    else:
        place, name = (1, f"{keys.TASKS}#STATUS#{query.status}") if query.status else (0, keys.TASKS)
    return lists.Source(partition=name, index=keys.index_of(place), filters=narrowing.filters(), counter=counter)
