"""Instances that run all at once and a completion condition, decided by the record."""

from collections.abc import Iterator

import pytest

from orchestrator.domain.errors import Conflict
from orchestrator.domain.instance import InstanceStatus
from orchestrator.ports.activities import Repetition
from tests.builders import ADA, Runtime
from tests.contract.test_machines import HEAD, TAIL, World, flow, world_of

VOTES = (
    HEAD + '<startEvent id="s"/><userTask id="vote"><multiInstanceLoopCharacteristics>'
    '<loopCardinality>=3</loopCardinality><completionCondition>=nrOfCompletedInstances &gt;= 2</completionCondition>'
    '</multiInstanceLoopCharacteristics></userTask><userTask id="last"/><endEvent id="e"/>'
    + flow("s", "vote") + flow("vote", "last") + flow("last", "e") + TAIL
)  # fmt: skip


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(1.0) as found:
        yield found


def _votes(world: World, instance: str) -> list[str]:
    tasks = world.runtime.instances.status(ADA, instance).tasks
    return [task.id for task in sorted(tasks, key=lambda task: task.entry.scope) if task.element_id == "vote"]


def test_enough_votes_withdraw_the_others_and_a_second_run_agrees(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(VOTES), input_variables={"topic": "x"})
    world.wait(lambda: len(_votes(world, instance)) == 3, "three votes")
    first, second, third = _votes(world, instance)
    world.runtime.complete(third, c=3)
    world.runtime.complete(first, a=1)
    world.wait_for(instance, "last")
    with pytest.raises(Conflict):
        world.runtime.complete(second, b=2)
    world.lose_executions()
    world.runtime.watch.reconcile(lambda: True)
    world.complete(instance, "last")
    record = world.ended(instance)
    assert record.instance.status is InstanceStatus.COMPLETED
    assert record.output_variables == {"topic": "x", "a": 1, "c": 3}
    assert record.instance.progress.cancelled == 1
    assert [event["type"] for event in world.runtime.events(instance)].count("task_created") == 4


def test_a_run_that_is_lost_between_votes_counts_none_twice(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(VOTES))
    world.wait(lambda: len(_votes(world, instance)) == 3, "three votes")
    votes = _votes(world, instance)
    world.runtime.complete(votes[1], b=2)
    world.lose_executions()
    world.runtime.watch.reconcile(lambda: True)
    assert "last" not in world.open(instance)
    world.runtime.complete(votes[2], c=3)
    world.wait_for(instance, "last")
    world.complete(instance, "last")
    assert world.ended(instance).output_variables == {"b": 2, "c": 3}


def test_a_round_keeps_its_number_and_none_counts_after_the_end(runtime: Runtime) -> None:
    rounds = runtime.rounds.rounds
    votes = Repetition(instance_id=runtime.created(), thread="root", scope="/vote#0")
    assert [rounds.note(votes, index, {"i": index}) for index in (2, 0, 2)] == [1, 2, 1]
    rounds.close(votes)
    assert rounds.note(votes, 1, {"i": 1}) is None
    assert rounds.note(votes, 0, {"i": "repeated"}) == 2
    assert rounds.results(votes) == ({"i": 0}, {"i": 2})
