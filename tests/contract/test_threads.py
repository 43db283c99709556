"""Side threads on the record: begun, joined, ended, gathered; repeated calls, second runs, stops."""

import pytest

from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.side_thread import GroupPlace
from orchestrator.domain.task import Entry, TaskStatus
from orchestrator.domain.thread_data import ThreadData
from orchestrator.ports.engine import ExecutionStatus
from orchestrator.services.machines.dispatch import Arrival, Call
from orchestrator.services.machines.execution_watch import Ended
from orchestrator.services.machines.interruption import Target
from orchestrator.services.machines.thread_joins import Reached
from orchestrator.services.machines.threads import Beginning, Gathering, Spawning
from tests.builders import ADA, Runtime

PLACE = GroupPlace(host="root", scope="/split#0")


class Group:
    """Shortcuts for one group of one instance."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.instance = runtime.started(input_variables={"a": 1})

    def call(self, thread: str = "root", *, scope: str = PLACE.scope, trail: tuple[str, ...] = ()) -> Call:
        return Call(instance_id=self.instance, thread=thread, execution=thread, scope=scope, clock=1000, trail=trail)

    def gather(self, *entries: str, occurrence: int = 0, token: str = "host", release: str | None = None) -> None:
        arrival = Arrival(element_id="split", occurrence=occurrence, token=token, input_data={"a": 1})
        begun = tuple(Beginning(entry=entry, order=f".{i}", ahead={}) for i, entry in enumerate(entries))
        asked = Gathering(beginnings=begun, release=release)
        self.runtime.threads.gather(self.call(), arrival, asked)

    def spawn(self, thread: str, *entries: str, occurrence: int = 0) -> None:
        by = Entry(thread=thread, scope=PLACE.scope, element_id="fork", occurrence=occurrence)
        begun = tuple(Beginning(entry=entry, order=f".0.{i}", ahead={}) for i, entry in enumerate(entries, 1))
        self.runtime.threads.spawn(
            self.call(thread), Spawning(place=PLACE, beginnings=begun, by=by, variables={"a": 1})
        )

    def arrive(self, thread: str, flow: str, order: str, *, join: str = "join", **written: object) -> dict:
        reached = Reached(join=join, occurrence=0, flow=flow, flows=("f1", "f2"), inclusive=False, ahead={})
        return self.runtime.thread_joins.arrive(self.call(thread), PLACE, reached, _data(order, written))

    def leave(self, thread: str, order: str, **written: object) -> None:
        self.runtime.threads.leave(self.call(thread), PLACE, _data(order, written))

    def threads(self) -> dict[str, str]:
        """The live threads by where they began."""
        return {t.entry: t.id for t in self.runtime.thread_store.running(self.instance) if t.is_live}

    def answers(self, token: str = "host") -> list:
        return self.runtime.engine.answers_of(token)


def _data(order: str, written: dict) -> ThreadData:
    return ThreadData(variables={"a": 1} | written, written=tuple(written), clock=2000, order=order)


@pytest.fixture
def group(runtime: Runtime) -> Group:
    return Group(runtime)


def test_a_group_ends_with_its_last_thread_and_merges_in_order(group: Group) -> None:
    group.gather("one", "two")
    threads = group.threads()
    started = group.runtime.engine.inputs[f"{group.instance}.{threads['two']}"]
    assert (started["entry"], started["thread"], started["order"]) == ("two", threads["two"], ".1")
    assert (started["variables"], started["scope"], started["written"]) == ({"a": 1}, PLACE.scope, [])
    group.leave(threads["two"], ".1", x=2, y=2)
    assert group.answers() == []
    group.leave(threads["one"], ".0", x=1, z=1)
    assert group.answers() == [
        ("succeed", {"result": {"changes": {"x": 2, "z": 1, "y": 2}, "clock": 2000}, "clock": 1768471200000})
    ]


def test_the_arrival_that_completes_a_join_goes_on_with_what_all_brought(group: Group) -> None:
    group.gather("one", "two")
    threads = group.threads()
    assert group.arrive(threads["two"], "f2", ".1", x=2) == {"go": False}
    assert group.threads() == {"one": threads["one"]}
    went = group.arrive(threads["one"], "f1", ".0", x=1, y=1)
    assert went == {
        "go": True, "variables": {"a": 1, "x": 2, "y": 1}, "written": ("x", "y"), "clock": 2000, "order": ".0",
    }  # fmt: skip
    assert group.arrive(threads["two"], "f2", ".1", x=2) == {"go": False}
    assert group.arrive(threads["one"], "f1", ".0", x=1, y=1)["variables"] == went["variables"]


def test_what_is_begun_twice_is_begun_once(group: Group) -> None:
    group.gather("one")
    first = group.threads()["one"]
    group.gather("one", token="again")
    group.spawn(first, "two", "three")
    group.spawn(first, "two", "three")
    assert set(group.threads()) == {"one", "two", "three"}
    assert len(group.runtime.engine.executions) == 4
    for entry, thread in group.threads().items():
        group.leave(thread, f".{entry}")
        group.leave(thread, f".{entry}")
    assert group.answers() == []
    assert len(group.answers("again")) == 1
    group.gather("one", token="third")
    assert group.answers("third") == group.answers("again")


def test_a_join_that_waits_for_what_cannot_come_is_told_and_can_be_released(group: Group) -> None:
    group.gather("one")
    group.arrive(group.threads()["one"], "f1", ".0", x=1)
    assert group.answers()[0][1]["result"] == {"changes": {}, "stuck": "join"}
    group.gather(occurrence=1, token="second", release="join")
    (released,) = group.threads().items()
    assert released[0] == "join"
    assert group.runtime.engine.inputs[f"{group.instance}.{released[1]}"]["written"] == ["x"]
    group.leave(released[1], ".0", x=1, y=2)
    assert group.answers("second")[0][1]["result"]["changes"] == {"x": 1, "y": 2}


def test_a_group_without_threads_does_not_hold_its_host_up(group: Group) -> None:
    group.gather()
    assert group.answers()[0][1]["result"] == {"changes": {}, "clock": 0}


def test_an_abort_stops_the_others_and_tells_the_host(group: Group) -> None:
    runtime = group.runtime
    group.gather("one", "two")
    threads = group.threads()
    arrival = Arrival(element_id="first", occurrence=0, token="t", input_data={})
    runtime.dispatcher.activate(group.call(threads["one"]), arrival)
    aborted = {"aborted": "terminate.end", "changes": {"x": 1}, "clock": 1500}
    runtime.threads.abort(group.call(threads["two"]), PLACE, aborted)
    assert group.answers()[0][1]["result"] == aborted
    assert group.threads() == {}
    assert runtime.engine.executions[f"{group.instance}.{threads['one']}"] is ExecutionStatus.ABORTED
    assert runtime.instances.status(ADA, group.instance).tasks == ()


def test_interrupting_a_scope_stops_its_threads_and_their_work(group: Group) -> None:
    runtime = group.runtime
    group.gather("one")
    thread = group.threads()["one"]
    arrival = Arrival(element_id="first", occurrence=0, token="t", input_data={})
    runtime.dispatcher.activate(group.call(thread), arrival)
    (task,) = runtime.instances.status(ADA, group.instance).tasks
    runtime.interrupter.interrupt(group.call(scope=""), by="gate", target=Target(scope=""), reason="terminate")
    assert runtime.tasks.get(ADA, task.id).task.status is TaskStatus.CANCELLED
    assert runtime.engine.executions[f"{group.instance}.{thread}"] is ExecutionStatus.ABORTED
    late = Arrival(element_id="second", occurrence=0, token="late", input_data={})
    runtime.dispatcher.activate(group.call(thread), late)
    assert [how for how, _ in group.answers("late")] == ["task.withdrawn"]
    runtime.watch.ended(f"{group.instance}.{thread}", Ended(status=ExecutionStatus.ABORTED))
    assert f"{group.instance}.{thread}.2" not in runtime.engine.executions


def test_lost_threads_are_run_again_with_what_they_started_with(group: Group) -> None:
    runtime = group.runtime
    group.gather("one")
    name = f"{group.instance}.{group.threads()['one']}"
    runtime.watch.ended(name, Ended(status=ExecutionStatus.ABORTED))
    assert runtime.engine.inputs[f"{name}.2"] == runtime.engine.inputs[name]
    runtime.engine.executions[f"{name}.2"] = ExecutionStatus.ABORTED
    runtime.watch.reconcile(lambda: True)
    assert runtime.engine.executions[f"{name}.3"] is ExecutionStatus.RUNNING
    del runtime.engine.executions[f"{name}.3"]  # as if the process had died between commit and act
    runtime.watch.reconcile(lambda: True)
    assert runtime.engine.executions[f"{name}.3"] is ExecutionStatus.RUNNING


def test_a_thread_that_keeps_failing_fails_its_instance(group: Group) -> None:
    runtime = group.runtime
    group.gather("one")
    name = f"{group.instance}.{group.threads()['one']}"
    for run in ("", ".2", ".3", ".4"):
        runtime.watch.ended(name + run, Ended(status=ExecutionStatus.FAILED, error="States.Runtime"))
    assert runtime.status(group.instance).status is InstanceStatus.FAILED
    assert runtime.engine.executions[group.instance] is ExecutionStatus.ABORTED


def test_ending_the_instance_stops_every_thread(group: Group) -> None:
    group.gather("one", "two")
    group.runtime.control.terminate(ADA, group.instance, "enough")
    assert set(group.runtime.engine.executions.values()) == {ExecutionStatus.ABORTED}
