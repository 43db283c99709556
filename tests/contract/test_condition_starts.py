"""Conditional start events: somebody says what is the case, and instances begin where the condition holds."""

from collections.abc import Iterator

import pytest

from orchestrator.domain.caller import Caller
from orchestrator.domain.definition import DefinitionStatus, DefinitionUpdate
from orchestrator.domain.errors import Conflict, Forbidden, ModelRejected, NotFound
from orchestrator.domain.instance import InstanceStatus
from orchestrator.services.publications.condition_starts import ConditionStarts, Situation
from tests.builders import ADA
from tests.contract.test_conditions import condition
from tests.contract.test_kept_variables import done
from tests.contract.test_machines import HEAD, TAIL, World, flow, world_of


def begins(text: str, *, beside: str = "", process: str = "p") -> str:
    """A process that begins when a condition holds."""
    return (
        HEAD.replace('id="p"', f'id="{process}"') + beside + f'<startEvent id="c">{condition(text)}</startEvent>'
        '<userTask id="w"/><endEvent id="e"/>' + flow("c", "w") + flow("w", "e") + TAIL
    )  # fmt: skip


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(1.0) as found:
        yield found


def evaluated(world: World, given: Situation, caller: Caller = ADA) -> list[tuple[str, str]]:
    runtime = world.runtime
    service = ConditionStarts(starts=runtime.starts, clock=runtime.clock, ids=runtime.ids)
    return [(one.definition_id, one.instance_id) for one in service.evaluate(caller, given)]


def test_an_instance_begins_where_the_condition_holds(world: World) -> None:
    low = world.runtime.published(begins("n &lt; 5", process="low"))
    world.runtime.published(begins("n &gt; 5", process="high"))
    ((definition, instance),) = evaluated(world, Situation(variables={"n": 1}, business_key="b-1"))
    assert definition == low
    done(world, instance, "w", m=2)
    record = world.ended(instance)
    assert (record.instance.status, record.output_variables) == (InstanceStatus.COMPLETED, {"n": 1, "m": 2})
    assert record.instance.business_key == "b-1"
    told = [event["type"] for event in world.runtime.events(instance)][:3]
    assert told == ["workflow_created", "condition_met", "workflow_started"]


@pytest.mark.parametrize("variables", [{}, {"n": "x"}, {"n": 9}])
def test_where_it_does_not_hold_nothing_begins(world: World, variables: dict) -> None:
    world.runtime.published(begins("n &lt; 5"))
    assert evaluated(world, Situation(variables=variables)) == []


def test_one_definition_may_be_meant(world: World) -> None:
    first, second = (world.runtime.published(begins("n &lt; 5", process=name)) for name in ("first", "second"))
    both = evaluated(world, Situation(variables={"n": 1}))
    assert {definition for definition, _ in both} == {first, second}
    assert [one for one, _ in evaluated(world, Situation(variables={"n": 1}, definition_id=second))] == [second]
    with pytest.raises(NotFound):
        evaluated(world, Situation(definition_id="wf-def-none"))


def test_what_is_archived_begins_no_more(world: World) -> None:
    definition = world.runtime.published(begins("n &lt; 5"))
    for status in (DefinitionStatus.DEPRECATED, DefinitionStatus.ARCHIVED):
        world.runtime.definitions.update(ADA, definition, DefinitionUpdate(status=status))
    assert evaluated(world, Situation(variables={"n": 1})) == []


def test_a_process_with_no_other_start_begins_by_its_condition_only(world: World) -> None:
    with pytest.raises(Conflict):
        world.runtime.started(world.runtime.published(begins("n &lt; 5")))
    beside = '<startEvent id="s"/>' + flow("s", "w")
    instance = world.runtime.started(world.runtime.published(begins("n &lt; 5", beside=beside, process="q")))
    world.wait_for(instance, "w")


def test_projects_bound_who_may_start(world: World) -> None:
    world.runtime.published(begins("n &lt; 5"))
    confined = Caller(subject="bob", project_ids=frozenset({"p1"}))
    with pytest.raises(Forbidden):
        evaluated(world, Situation(variables={"n": 1}, project_id="p2"), confined)
    ((_, instance),) = evaluated(world, Situation(variables={"n": 1}), confined)
    assert world.runtime.status(instance).project_id == "p1"


def test_a_condition_that_cannot_be_read_is_refused(world: World) -> None:
    with pytest.raises(ModelRejected):
        world.runtime.published(begins("n &lt;"))
