"""Lists against an independent recount: filters, totals, pages; for any history of the record."""

from collections import Counter
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.domain.definition import DefinitionStatus, DefinitionUpdate
from orchestrator.domain.errors import InvalidRequest
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.priority import Priority
from orchestrator.domain.task import Task, TaskStatus
from orchestrator.ports.definitions import DefinitionQuery
from orchestrator.ports.instances import InstanceQuery
from orchestrator.ports.paging import Page
from orchestrator.ports.tasks import TaskQuery
from orchestrator.services.instances.instances import StartOptions
from tests.builders import ADA, Runtime
from tests.contract.dynamodb import fresh_table
from tests.fakes.clock import BEGIN

MODEL = "userTask:first\nserviceTask:second\n"
PROJECTS = [None, "p1", "p2"]
made = st.lists(
    st.fixed_dictionaries(
        {
            "definition": st.integers(0, 1),
            "project": st.sampled_from(PROJECTS),
            "priority": st.sampled_from(list(Priority)),
            "key": st.sampled_from([None, "k1"]),
            "progress": st.sampled_from(["create", "start", "complete"]),
        }
    ),
    max_size=9,
)
queries = st.builds(
    InstanceQuery,
    status=st.sampled_from([None, InstanceStatus.CREATED, InstanceStatus.RUNNING, InstanceStatus.COMPLETED]),
    definition_id=st.sampled_from([None, "0", "1"]),
    priority=st.sampled_from([None, Priority.HIGH]),
    project_id=st.sampled_from(PROJECTS),
    created_by=st.sampled_from([None, "ada", "eve"]),
    business_key=st.sampled_from([None, "k1"]),
    created_after=st.sampled_from([None, BEGIN + timedelta(seconds=3)]),
    created_before=st.sampled_from([None, BEGIN + timedelta(seconds=6)]),
    visible_projects=st.sampled_from([None, frozenset({"p1"}), frozenset({"p1", "p2"}), frozenset[str]()]),
)


def fill(runtime: Runtime, histories) -> list[str]:
    definitions = [runtime.published(MODEL, name=f"d{n}") for n in range(2)]
    for history in histories:
        instance = runtime.created(
            definitions[history["definition"]],
            context={"project_id": history["project"]} if history["project"] else {},
            priority=history["priority"],
            business_key=history["key"],
        )
        if history["progress"] != "create":
            runtime.instances.start(ADA, instance, StartOptions())
        if history["progress"] == "complete":
            runtime.dispatcher.complete(runtime.call(instance), {})
        runtime.clock.forward(seconds=1)
    return definitions


def heads(runtime: Runtime):
    """Every instance, by reading the whole table: what no product code does."""
    from orchestrator.adapters.dynamodb import instance_items
    from orchestrator.adapters.dynamodb.attributes import unmarshal

    items = runtime.table.client.scan(TableName="record")["Items"]
    found = [unmarshal(item) for item in items]
    return [instance_items.read_instance(i) for i in found if i["pk"].startswith("INSTANCE#") and i["sk"] == "META"]


def matches(query: InstanceQuery, instance) -> bool:
    plain = {
        "status": instance.status,
        "definition_id": instance.definition_id,
        "priority": instance.priority,
        "project_id": instance.project_id,
        "created_by": instance.created_by,
        "business_key": instance.business_key,
    }
    return (
        all(getattr(query, name) in (None, value) for name, value in plain.items())
        and (query.created_after is None or instance.created_at >= query.created_after)
        and (query.created_before is None or instance.created_at <= query.created_before)
        and (query.visible_projects is None or instance.project_id in query.visible_projects)
    )


@settings(max_examples=6, deadline=None)
@given(histories=made, asked=st.lists(queries, min_size=8, max_size=12), limit=st.integers(1, 4))
def test_every_query_lists_what_matches_newest_first_page_by_page(histories, asked, limit) -> None:
    from dataclasses import replace

    with fresh_table() as (table, calls):
        runtime = Runtime(table, calls)
        definitions = fill(runtime, histories)
        everything = sorted(heads(runtime), key=lambda i: (i.created_at, i.id), reverse=True)
        for query in asked:
            definition = definitions[int(query.definition_id)] if query.definition_id else None
            resolved = replace(query, definition_id=definition)
            expected = [i.id for i in everything if matches(resolved, i)]
            by_cursor, cursor = [], None
            for _ in range(20):
                page = runtime.instance_store.list(resolved, Page(limit=limit, cursor=cursor))
                assert page.total == len(expected), resolved
                assert page.total_is_exact
                by_cursor += [i.id for i in page.items]
                cursor = page.next_cursor
                assert page.has_more == (cursor is not None)
                if not page.has_more:
                    break
            assert by_cursor == expected, resolved
            offset = runtime.instance_store.list(resolved, Page(limit=limit, offset=2))
            assert [i.id for i in offset.items] == expected[2 : 2 + limit]
            assert offset.has_more == (len(expected) > 2 + limit)


@settings(max_examples=4, deadline=None)
@given(histories=made)
def test_counters_equal_a_recount(histories) -> None:
    with fresh_table() as (table, calls):
        runtime = Runtime(table, calls)
        fill(runtime, histories)
        statuses = Counter(instance.status for instance in heads(runtime))
        for status in InstanceStatus:
            page = runtime.instance_store.list(InstanceQuery(status=status), Page(limit=1))
            assert page.total == statuses[status]


def test_tasks_by_status_type_assignee_instance_priority_and_due_date(runtime: Runtime) -> None:
    definition = runtime.published(
        'userTask:a {"assignee": "bob", "due_date": "2026-02-01T00:00:00Z"}\n'
        'userTask:b {"assignee": "bob", "priority": "critical"}\nserviceTask:c\n'
    )
    one, two = runtime.started(definition), runtime.started(definition)
    tasks = {}
    for instance in (one, two):
        for element in "abc":
            runtime.clock.forward(seconds=1)
            tasks[instance, element] = runtime.arrive(instance, element, token=f"{instance}{element}")
    runtime.complete(tasks[one, "a"])

    def listed(**query) -> list[str]:
        page = runtime.task_store.list(TaskQuery(**query), Page(limit=50))
        assert page.total == len(page.items)
        assert not page.has_more
        return [task.id for task in page.items]

    newest_first = list(reversed(tasks.values()))
    assert listed() == newest_first
    assert listed(status="completed") == [tasks[one, "a"]]
    assert listed(assignee="bob") == [tasks[two, "b"], tasks[two, "a"], tasks[one, "b"], tasks[one, "a"]]
    assert listed(assignee="bob", status="assigned") == [tasks[two, "b"], tasks[two, "a"], tasks[one, "b"]]
    assert listed(type="service_task") == [tasks[two, "c"], tasks[one, "c"]]
    assert listed(priority=Priority.CRITICAL) == [tasks[two, "b"], tasks[one, "b"]]
    assert listed(due_before=BEGIN + timedelta(days=30)) == [tasks[two, "a"], tasks[one, "a"]]
    assert listed(due_before=BEGIN) == []
    assert listed(instance_id=one) == [tasks[one, "c"], tasks[one, "b"], tasks[one, "a"]]
    assert listed(instance_id=one, status="pending") == [tasks[one, "c"]]
    assert listed(instance_id="wf-inst-none") == []
    assert listed(visible_projects=frozenset({"p"})) == []
    first = runtime.task_store.list(TaskQuery(instance_id=one), Page(limit=2))
    rest = runtime.task_store.list(TaskQuery(instance_id=one), Page(limit=2, cursor=first.next_cursor))
    assert [t.id for t in first.items + rest.items] == listed(instance_id=one)
    assert (first.total, rest.total, rest.has_more) == (3, 3, False)


def test_all_filters_of_tasks_hold_together(runtime: Runtime) -> None:
    definition = runtime.published(
        'userTask:a {"assignee": "bob", "due_date": "2026-02-01T00:00:00Z"}\n'
        'userTask:b {"assignee": "bob", "priority": "critical"}\nserviceTask:c\n'
    )
    one, two = (runtime.started(definition, context={"project_id": name}) for name in ("p1", "p2"))
    ids = [runtime.arrive(place, element, token=place + element) for place in (one, two) for element in "abc"]
    runtime.complete(ids[0])
    tasks = [runtime.task_store.load(task).task for task in ids]
    known = {
        "status": (None, TaskStatus.ASSIGNED, TaskStatus.COMPLETED),
        "type": (None, "service_task"),
        "assignee": (None, "bob"),
        "instance_id": (None, one),
        "priority": (None, Priority.CRITICAL),
        "due_before": (None, BEGIN + timedelta(days=30)),
        "visible_projects": (None, frozenset({"p2"})),
    }
    for values in product(*known.values()):
        query = TaskQuery(**dict(zip(known, values, strict=True)))
        page = runtime.task_store.list(query, Page(limit=50))
        expected = {task.id for task in tasks if task_matches(query, task)}
        assert ({task.id for task in page.items}, page.total) == (expected, len(expected)), query


def task_matches(query: TaskQuery, task: Task) -> bool:
    plain = {
        "status": task.status,
        "type": task.type,
        "assignee": task.assignment and task.assignment.assigned_to.key,
        "instance_id": task.instance_id,
        "priority": task.priority,
    }
    return (
        all(getattr(query, name) in (None, value) for name, value in plain.items())
        and (query.due_before is None or (task.due_date is not None and task.due_date <= query.due_before))
        and (query.visible_projects is None or task.project_id in query.visible_projects)
    )


def test_definitions_by_status_category_tags_and_author(runtime: Runtime) -> None:
    ids = []
    for number in range(4):
        runtime.clock.forward(seconds=1)
        metadata = {"category": "c1" if number % 2 else "c2", "tags": ["a", f"t{number}"]}
        ids.append(runtime.defined(name=f"n{number}", metadata=metadata))
    runtime.definitions.publish(ADA, ids[1])
    runtime.definitions.update(ADA, ids[3], DefinitionUpdate(metadata={"category": "c2", "tags": ["b"]}))

    def listed(**query) -> list[str]:
        page = runtime.definition_store.list(DefinitionQuery(**query), Page())
        first = runtime.definition_store.list(DefinitionQuery(**query), Page(limit=1))
        assert page.total == first.total == len(page.items)
        return [definition.id for definition in page.items]

    assert listed() == ids[::-1]
    assert listed(status=DefinitionStatus.PUBLISHED) == [ids[1]]
    assert listed(category="c2") == [ids[3], ids[2], ids[0]]
    assert listed(category="c1", status=DefinitionStatus.PUBLISHED) == [ids[1]]
    assert listed(category="c1", status=DefinitionStatus.DRAFT) == []
    assert listed(tags=("a",)) == [ids[2], ids[1], ids[0]]
    assert listed(tags=("a", "t2")) == [ids[2]]
    assert listed(created_by="eve") == []
    assert listed(created_by="ada", status=DefinitionStatus.DRAFT) == [ids[3], ids[2], ids[0]]


def test_a_first_page_costs_two_calls_however_long_the_list(runtime: Runtime) -> None:
    definition = runtime.published(MODEL)
    for _ in range(12):
        runtime.created(definition, context={"project_id": "p1"})
    for query in (InstanceQuery(), InstanceQuery(definition_id=definition), InstanceQuery(status="created")):
        runtime.calls.clear()
        assert runtime.instance_store.list(query, Page(limit=5)).total == 12
        assert dict(runtime.calls) == {"Query": 1, "BatchGetItem": 1}
    runtime.calls.clear()
    assert runtime.instance_store.list(InstanceQuery(project_id="p1"), Page(limit=5)).total == 12
    assert dict(runtime.calls) == {"Query": 1, "BatchGetItem": 2}


@pytest.mark.parametrize("cursor", ["", "x", "###", "eA", "e30", "\x00", "ZZZZ" * 100])
def test_foreign_cursors_are_refused(runtime: Runtime, cursor: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        runtime.instance_store.list(InstanceQuery(), Page(cursor=cursor))
    assert refused.value.field == "cursor"


def test_offsets_are_walked_so_they_are_bounded(runtime: Runtime) -> None:
    with pytest.raises(InvalidRequest) as refused:
        runtime.instance_store.list(InstanceQuery(), Page(offset=10_001))
    assert refused.value.field == "offset"
