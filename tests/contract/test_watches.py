"""Watches on the record: of an event and the end of its host one is first, and the other is told so."""

import pytest

from orchestrator.domain.ids import ThreadId
from orchestrator.domain.side_thread import ThreadStatus
from orchestrator.domain.subscription import Subscription, SubscriptionKind
from orchestrator.domain.task import Entry
from orchestrator.ports.engine import ExecutionStatus
from orchestrator.services.machines.dispatch import Arrival
from orchestrator.services.machines.threads import Beginning, Gathering, Spawning
from orchestrator.services.machines.watches import Triggered
from tests.builders import Runtime
from tests.contract.test_threads import PLACE, Group

PING = Subscription(element_id="ping", kind=SubscriptionKind.MESSAGE, name="ping")


class Watched(Group):
    """A group of one token, `one`, whose activity `host` is watched for `ping`."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__(runtime)
        self.gather("one")
        self.token = self.threads()["one"]
        self.begin()

    @property
    def host(self) -> Entry:
        return Entry(thread=self.token, scope=PLACE.scope, element_id="host", occurrence=0)

    def begin(self) -> None:
        begun = (Beginning(entry="watch", order=".0.w1", ahead={}, watches="ping"),)
        asked = Spawning(place=PLACE, beginnings=begun, by=self.host, variables={"a": 1})
        self.runtime.threads.spawn(self.call(self.token), asked)

    @property
    def watches(self) -> list[str]:
        running = self.runtime.thread_store.running(self.instance)
        return [thread.id for thread in running if thread.is_live and thread.watch is not None]

    def wait(self, watch: str, token: str = "w") -> None:
        arrival = Arrival(element_id="ping", occurrence=0, token=token, input_data={}, subscriptions=(PING,))
        self.runtime.dispatcher.activate(self.call(watch), arrival)

    def trigger(self, watch: str, *, kind: str = "message", again: bool = True) -> bool:
        triggered = Triggered(event="ping", kind=kind, again=again, ahead={})
        return self.runtime.watches.trigger(self.call(watch), PLACE, triggered)["happened"]

    def withdraw(self) -> None:
        self.runtime.watches.withdraw(self.call(self.token), PLACE, self.host)

    def turns(self) -> dict[int, ThreadId]:
        """The watches by the time of the event that they wait for."""
        running = self.runtime.thread_store.running(self.instance)
        return {thread.watch.turn: thread.id for thread in running if thread.watch is not None}

    def execution(self, thread: str) -> ExecutionStatus:
        return self.runtime.engine.executions[f"{self.instance}.{thread}"]


@pytest.fixture
def watched(runtime: Runtime) -> Watched:
    return Watched(runtime)


def test_an_event_makes_a_token_of_its_watch_and_begins_the_next_once(watched: Watched) -> None:
    (first,) = watched.watches
    assert [watched.trigger(first), watched.trigger(first)] == [True, True]
    (second,) = watched.watches
    started = watched.runtime.engine.inputs[f"{watched.instance}.{second}"]
    assert (started["turn"], started["variables"], started["entry"]) == (2, {"a": 1}, "watch")
    watched.begin()
    assert watched.watches == [second]


def test_what_ends_with_its_host_happens_no_more(watched: Watched) -> None:
    (watch,) = watched.watches
    watched.wait(watch)
    watched.withdraw()
    watched.withdraw()
    assert watched.watches == []
    assert watched.execution(watch) is ExecutionStatus.ABORTED
    assert watched.runtime.publish_message("ping").received_by == ()
    assert not watched.trigger(watch)


def test_a_wait_that_comes_late_takes_no_message(watched: Watched) -> None:
    (watch,) = watched.watches
    watched.withdraw()
    watched.wait(watch)
    assert watched.runtime.publish_message("ping").received_by == ()
    unanswered = watched.runtime.instance_store.load_unanswered(watched.instance).tasks
    assert [task.element_id for task in unanswered] == ["split"]


def test_a_message_that_came_before_the_end_is_handled_and_nothing_follows_it(watched: Watched) -> None:
    (watch,) = watched.watches
    watched.wait(watch)
    assert len(watched.runtime.publish_message("ping").received_by) == 1
    watched.withdraw()
    assert watched.execution(watch) is ExecutionStatus.RUNNING
    assert watched.trigger(watch)
    assert watched.watches == []
    watched.leave(watched.token, ".0")
    assert watched.answers() == []
    watched.leave(watch, ".0.w1", b=2)
    assert watched.answers()[0][1]["result"]["changes"] == {"b": 2}


def test_the_last_token_ends_the_group_with_its_watches(watched: Watched) -> None:
    (watch,) = watched.watches
    watched.wait(watch)
    watched.leave(watched.token, ".0")
    assert len(watched.answers()) == 1
    stopped = watched.runtime.thread_store.load(watched.instance, watch)
    assert stopped is not None
    assert stopped.status is ThreadStatus.STOPPED
    assert watched.runtime.publish_message("ping").received_by == ()


def test_watches_of_a_scope_begin_with_it(runtime: Runtime) -> None:
    group = Group(runtime)
    begun = (
        Beginning(entry="one", order="0", ahead={}),
        Beginning(entry="watch", order="0.w1", ahead={}, watches="ping"),
    )
    arrival = Arrival(element_id="split", occurrence=0, token="host", input_data={"a": 1})
    runtime.threads.gather(group.call(), arrival, Gathering(beginnings=begun))
    threads = group.threads()
    group.leave(threads["one"], "0", x=1)
    assert group.answers()[0][1]["result"]["changes"] == {"x": 1}
    assert group.threads() == {}


def test_what_happens_again_at_once_finds_the_next_wait_before_its_watch_has_come_to_it(watched: Watched) -> None:
    (first,) = watched.watches
    watched.wait(first)
    runtime = watched.runtime
    assert [len(runtime.publish_message("ping", variables={"n": n}).received_by) for n in (1, 2, 3)] == [1, 1, 1]
    last = watched.turns()
    assert sorted(last) == [1, 2, 3, 4]
    watched.wait(last[2], token="second")
    watched.wait(last[3], token="third")
    given = [runtime.engine.answers_of(token)[0][1]["result"] for token in ("w", "second", "third")]
    assert given == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert [watched.trigger(last[turn]) for turn in (2, 1, 3, 1)] == [True] * 4
    assert watched.watches == [last[4]]


def test_of_events_one_after_the_other_all_are_handled_that_came_before_the_end(watched: Watched) -> None:
    (first,) = watched.watches
    watched.wait(first)
    for _ in range(2):
        watched.runtime.publish_message("ping")
    second = watched.turns()[2]
    watched.withdraw()
    assert watched.runtime.publish_message("ping").received_by == ()
    assert watched.watches == []
    watched.wait(second, token="second")
    assert [watched.trigger(first), watched.trigger(second)] == [True, True]
    watched.leave(watched.token, ".0")
    watched.leave(second, ".0.w1~000002")
    assert watched.answers() == []
    watched.leave(first, ".0.w1")
    assert len(watched.answers()) == 1
    assert watched.runtime.instance_store.load_unanswered(watched.instance).tasks == ()
