"""A page costs the page, not the table: calls and items read stay the same when the table is three times as large.

`LIST_INSTANCES=100000` makes the large table as large; it takes a while.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest

from orchestrator.adapters.dynamodb import instance_items
from orchestrator.adapters.dynamodb.attributes import marshal
from orchestrator.adapters.dynamodb.counters import Tally
from orchestrator.adapters.dynamodb.lists import COUNTED_PAGES, WALKED_PAGES
from orchestrator.domain.assignment import AgentType, Assignee, Assignment, AssignmentMethod
from orchestrator.domain.ids import DefinitionId, InstanceId, TaskId
from orchestrator.domain.instance import InstanceStatus, Membership
from orchestrator.domain.priority import Priority
from orchestrator.domain.task import TaskStatus
from orchestrator.ports.instances import InstanceQuery
from orchestrator.ports.paging import Page
from orchestrator.ports.tasks import TaskQuery
from orchestrator.ports.transitions import InstanceTransition, TaskTransition
from tests.builders import Runtime
from tests.contract.dynamodb import fresh_table
from tests.fakes.clock import BEGIN
from tests.unit.test_lifecycles import instance as an_instance
from tests.unit.test_lifecycles import task as a_task

SMALL, LARGE = 210, int(os.environ.get("LIST_INSTANCES", "630"))
LATE = BEGIN + timedelta(seconds=SMALL - 60)
INSTANCES = {
    "all": InstanceQuery(),
    "status": InstanceQuery(status=InstanceStatus.RUNNING),
    "definition": InstanceQuery(definition_id="wf-def-1"),
    "project": InstanceQuery(project_id="p"),
    "confined": InstanceQuery(visible_projects=frozenset({"p"})),
    "project and status": InstanceQuery(project_id="p", status=InstanceStatus.RUNNING),
    "business key": InstanceQuery(business_key="k3"),
    "initiator and time range": InstanceQuery(created_by="ada", created_after=LATE, created_before=LATE),
    "batch": InstanceQuery(batch_id="b"),
    "time range": InstanceQuery(created_after=LATE, created_before=LATE + timedelta(seconds=9)),
}
TASKS = {
    "all": TaskQuery(),
    "status": TaskQuery(status=TaskStatus.PENDING),
    "assignee": TaskQuery(assignee="bob"),
    "instance": TaskQuery(instance_id="wf-inst-3"),
}
#: narrowed inside a partition: bounded, whatever the table holds
FILTERED = {
    "priority that nothing has": InstanceQuery(priority=Priority.CRITICAL),
    "status and another's project": InstanceQuery(status=InstanceStatus.RUNNING, project_id="q"),
}


@dataclass
class Cost:
    calls: list[str] = field(default_factory=list)
    items: int = 0

    def count(self, *, model: Any, parsed: Any, **_: Any) -> None:
        self.calls.append(model.name)
        self.items += parsed.get("ScannedCount", 0) + sum(len(found) for found in parsed.get("Responses", {}).values())


@contextmanager
def filled(number: int) -> Iterator[Runtime]:
    """A table with so many instances of one task each, a second apart, counted as transactions count them."""
    with fresh_table() as (table, calls):
        tally, rows = Tally("x"), []
        for n in range(number):
            transition = made(n)
            (change,) = transition.tasks
            rows += [instance_items.head(transition.after), instance_items.task(change.after)]
            rows += instance_items.lookups(transition.after)
            tally.take(instance_items.tally(transition))
        left = iter(rows)
        while some := list(islice(left, 25)):
            requests = [{"PutRequest": {"Item": marshal(row)}} for row in some]
            table.client.batch_write_item(RequestItems={table.name: requests})
        table.transact(tally.writes())
        yield Runtime(table, calls)


def made(n: int) -> InstanceTransition:
    from dataclasses import replace

    at = BEGIN + timedelta(seconds=n)
    status = InstanceStatus.RUNNING if n % 2 else InstanceStatus.COMPLETED
    head = replace(
        an_instance(status),
        id=InstanceId(f"wf-inst-{n}"),
        definition_id=DefinitionId(f"wf-def-{n % 2}"),
        created_at=at,
        context={"project_id": "p"},
        business_key=f"k{n % 100}" if n < SMALL else None,
        batch=Membership("b"),
    )
    bob = Assignment(
        assigned_to=Assignee(agent_type=AgentType.HUMAN, agent_id="bob"),
        assignment_method=AssignmentMethod.MANUAL,
        assigned_at=at,
    )
    task = replace(a_task(), id=TaskId(f"task-{n}"), instance_id=head.id, created_at=at, assignment=bob)
    return InstanceTransition(before=None, after=head, tasks=(TaskTransition(before=None, after=task),))


def costs(runtime: Runtime) -> dict[str, tuple[list[str], int]]:
    found = {}
    for name, query in {**INSTANCES, **FILTERED}.items():
        found[f"instances by {name}"] = measured(
            runtime, lambda q=query: runtime.instance_store.list(q, Page(limit=20))
        )
    for name, query in TASKS.items():
        found[f"tasks by {name}"] = measured(runtime, lambda q=query: runtime.task_store.list(q, Page(limit=20)))
    return found


def measured(runtime: Runtime, read: Any) -> tuple[list[str], int]:
    cost, events = Cost(), runtime.table.client.meta.events
    events.register("after-call.dynamodb.*", cost.count, unique_id="cost")
    read()
    events.unregister("after-call.dynamodb.*", unique_id="cost")
    return cost.calls, cost.items


@pytest.fixture(scope="module")
def both() -> tuple[dict[str, Any], dict[str, Any]]:
    with filled(SMALL) as runtime:
        small = costs(runtime)
    with filled(LARGE) as runtime:
        return small, costs(runtime)


@pytest.mark.parametrize(
    "name", [*(f"instances by {name}" for name in INSTANCES), *(f"tasks by {name}" for name in TASKS)]
)
def test_a_first_page_costs_the_same_in_a_larger_table(both: Any, name: str) -> None:
    small, large = both
    assert small[name] == large[name]
    assert len(large[name][0]) <= 4
    assert large[name][1] <= 16 + 2 * 200


@pytest.mark.parametrize("name", FILTERED)
def test_what_is_filtered_is_bounded(both: Any, name: str) -> None:
    calls, _ = both[1][f"instances by {name}"]
    assert len(calls) <= WALKED_PAGES + COUNTED_PAGES


def test_a_deep_page_by_cursor_costs_what_the_first_costs() -> None:
    with filled(SMALL) as runtime:
        cursor = None
        for _ in range(8):
            page = runtime.instance_store.list(InstanceQuery(), Page(limit=20, cursor=cursor))
            cursor = page.next_cursor
        calls, items = measured(
            runtime, lambda: runtime.instance_store.list(InstanceQuery(), Page(limit=20, cursor=cursor))
        )
        assert calls == ["Query", "BatchGetItem"]
        assert items <= 40
