"""Messages meet waits in the record: each to one wait per definition, none lost, none twice."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from orchestrator.domain.caller import Caller
from orchestrator.domain.errors import Conflict
from orchestrator.domain.subscription import Subscription, SubscriptionKind
from orchestrator.services.machines.interruption import Target
from orchestrator.services.machines.throwing import Thrown
from orchestrator.services.publications.messages import NewMessage
from orchestrator.services.publications.signals import NewSignal
from tests.builders import ADA, Runtime

MODEL = """
startEvent:start
intermediateCatchEvent:paid {"name": "Paid"}
eventBasedGateway:which
receiveTask:receive
userTask:after
endEvent:end
"""


def message(name: str = "paid", key: str | None = "o-1", element: str = "paid") -> Subscription:
    return Subscription(element_id=element, kind=SubscriptionKind.MESSAGE, name=name, correlation_key=key)


def waiting(
    runtime: Runtime, *subscriptions: Subscription, element: str = "paid", token: str = "t", definition=None, **more
) -> str:
    instance = runtime.started(definition or runtime.published(MODEL), **more)
    runtime.arrive(instance, element, token=token, subscriptions=subscriptions or (message(),))
    return instance


def rows(runtime: Runtime) -> list[str]:
    """Keys of everything in the channels of messages."""
    found = runtime.table.client.scan(TableName=runtime.table.name)["Items"]
    return sorted(item["sk"]["S"] for item in found if item["pk"]["S"].startswith(("MESSAGE#[", "SIGNAL#[")))


def received(runtime: Runtime, instance: str) -> list[dict]:
    return [event for event in runtime.events(instance) if event["type"] == "message_received"]


def test_a_message_ends_the_wait_and_its_payload_is_the_answer(runtime: Runtime) -> None:
    instance = waiting(runtime)
    published = runtime.publish_message("paid", "o-1", variables={"amount": 7}, message_id="m-1")
    assert [(s.instance_id, s.element_id) for s in published.received_by] == [(instance, "paid")]
    ((how, answer),) = runtime.engine.answers_of("t")
    assert (how, answer["result"], answer["event"]) == ("succeed", {"amount": 7}, "paid")
    (event,) = received(runtime, instance)
    assert (event["element_id"], event["element_type"]) == ("paid", "intermediateCatchEvent")
    assert '"message_id":"m-1"' in event["data"]
    assert not any(key.startswith("WAIT#") for key in rows(runtime))


@pytest.mark.parametrize(("name", "key"), [("paid", "o-2"), ("paid", None), ("other", "o-1")])
def test_another_name_or_key_is_for_others(runtime: Runtime, name: str, key: str | None) -> None:
    waiting(runtime)
    assert runtime.publish_message(name, key).received_by == ()
    assert runtime.engine.answers == []


def test_a_message_waits_for_the_token_that_comes_later(runtime: Runtime) -> None:
    runtime.publish_message("paid", "o-1", variables={"amount": 7})
    waiting(runtime)
    ((how, answer),) = runtime.engine.answers_of("t")
    assert (how, answer["result"]) == ("succeed", {"amount": 7})


def test_a_message_goes_to_one_wait_of_each_definition(runtime: Runtime) -> None:
    one, other = runtime.published(MODEL), runtime.published(MODEL)
    first = waiting(runtime, token="first", definition=one)
    waiting(runtime, token="second", definition=one)
    third = waiting(runtime, token="third", definition=other)
    published = runtime.publish_message("paid", "o-1")
    assert sorted(s.instance_id for s in published.received_by) == sorted([first, third])
    assert runtime.engine.answers_of("second") == []
    waiting(runtime, token="later", definition=other)
    assert runtime.engine.answers_of("later") == []  # its definition had it


def test_buffered_messages_are_taken_in_order_each_once(runtime: Runtime) -> None:
    definition = runtime.published(MODEL)
    for number in range(3):
        runtime.clock.forward(seconds=1)
        runtime.publish_message("paid", "o-1", variables={"n": number})
    for number in range(4):
        waiting(runtime, token=f"t{number}", definition=definition)
    taken = [answer["result"] for _, _, answer in runtime.engine.answers]
    assert taken == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_a_second_run_is_answered_the_same(runtime: Runtime) -> None:
    instance = waiting(runtime)
    runtime.publish_message("paid", "o-1", variables={"amount": 7})
    runtime.arrive(instance, "paid", token="again", run=2, subscriptions=(message(),))
    assert runtime.engine.answers_of("again") == runtime.engine.answers_of("t")
    assert len(received(runtime, instance)) == 1


def test_without_a_key_name_and_business_key_find_the_wait(runtime: Runtime) -> None:
    definition = runtime.published(MODEL)
    waiting(runtime, message(key=None), token="a", definition=definition, business_key="order-a")
    waiting(runtime, message(key=None), token="b", definition=definition, business_key="order-b")
    assert len(runtime.publish_message("paid", "order-b").received_by) == 1
    assert runtime.engine.answers_of("b")
    runtime.publish_message("paid")
    assert runtime.engine.answers_of("a")
    assert not any(key.startswith("WAIT#") for key in rows(runtime))


def test_of_several_events_the_first_wins_and_the_others_end(runtime: Runtime) -> None:
    both = (message("paid", element="paid"), message("cancelled", element="gone"))
    instance = waiting(runtime, *both, element="which")
    runtime.publish_message("cancelled", "o-1")
    assert runtime.engine.answers_of("t")[0][1]["event"] == "gone"
    assert runtime.publish_message("paid", "o-1").received_by == ()
    assert len(received(runtime, instance)) == 1


def test_the_same_message_id_is_one_message_while_it_is_buffered(runtime: Runtime) -> None:
    first = runtime.publish_message("paid", "o-1", message_id="m", variables={"n": 1})
    again = runtime.publish_message("paid", "o-1", message_id="m", variables={"n": 2})
    assert (first.is_new, again.is_new, again.message.id) == (True, False, first.message.id)
    assert runtime.publish_message("paid", "o-2", message_id="m").is_new
    waiting(runtime)
    waiting(runtime, token="other")
    assert [answer["result"] for _, _, answer in runtime.engine.answers] == [{"n": 1}, {"n": 1}]


def test_a_publication_that_was_cut_off_is_delivered_by_its_repetition_or_the_watch(runtime: Runtime) -> None:
    runtime.clock.forward(seconds=1)
    for name in ("paid", "lost"):
        waiting(runtime, message(name), token=name)
        cut_off = runtime.messages.message(ADA, NewMessage(name=name, correlation_key="o-1", message_id=name))
        runtime.message_store.publish(cut_off)  # and then the process died
    runtime.publish_message("paid", "o-1", message_id="paid")
    assert (len(runtime.engine.answers_of("paid")), len(runtime.engine.answers_of("lost"))) == (1, 0)
    runtime.clock.forward(seconds=61)
    assert runtime.messages.look_after(lambda: True) == 2
    assert len(runtime.engine.answers_of("lost")) == 1


def test_a_message_that_nobody_takes_expires_and_that_is_told(runtime: Runtime) -> None:
    published = runtime.publish_message("paid", "o-1", time_to_live=timedelta(seconds=30), message_id="m")
    runtime.clock.forward(seconds=29)
    runtime.messages.look_after(lambda: True)
    assert runtime.message_store.load(published.message) is not None
    runtime.clock.forward(seconds=1)
    waiting(runtime)  # at its very end it is too late
    assert runtime.engine.answers == []
    assert runtime.messages.look_after(lambda: True) == 1
    assert runtime.messages.look_after(lambda: True) == 0
    told = list(runtime.table.all(f"MESSAGE#{published.message.id}", low="EVENT#", high="EVENT#~"))
    assert [event["type"] for event in told] == ["message_expired"]
    assert runtime.publish_message("paid", "o-1", message_id="m").is_new


def test_a_message_without_time_to_live_is_for_now_or_never(runtime: Runtime) -> None:
    published = runtime.publish_message("paid", "o-1", time_to_live=timedelta(0))
    assert runtime.message_store.load(published.message) is None
    waiting(runtime)
    assert runtime.engine.answers == []
    assert len(runtime.publish_message("paid", "o-1", time_to_live=timedelta(0)).received_by) == 1


def test_a_taken_message_goes_in_silence(runtime: Runtime) -> None:
    waiting(runtime)
    published = runtime.publish_message("paid", "o-1", time_to_live=timedelta(seconds=10))
    runtime.clock.forward(seconds=11)
    assert runtime.messages.look_after(lambda: True) == 1
    assert runtime.message_store.load(published.message) is None
    assert not list(runtime.table.all(f"MESSAGE#{published.message.id}"))


def test_a_paused_instance_takes_its_message_and_holds_what_follows(runtime: Runtime) -> None:
    instance = waiting(runtime)
    runtime.control.hold(ADA, instance, None)
    assert len(runtime.publish_message("paid", "o-1").received_by) == 1
    runtime.arrive(instance, "after", token="next")
    (task,) = runtime.instances.status(ADA, instance).tasks
    assert task.held


@pytest.mark.parametrize("end", ["cancel", "terminate"])
def test_an_instance_that_ends_waits_for_nothing(runtime: Runtime, end: str) -> None:
    instance = waiting(runtime)
    getattr(runtime.control, end)(ADA, instance, None)
    assert rows(runtime) == []
    assert runtime.publish_message("paid", "o-1").received_by == ()


def test_a_timer_that_was_first_ends_the_wait_and_a_message_that_was_first_the_timer(runtime: Runtime) -> None:
    definition = runtime.published(MODEL)
    late, early = (waiting(runtime, element="which", token=t, definition=definition) for t in ("late", "early"))
    target = Target(scope="", element_id="which")
    timed = runtime.interrupter.interrupt(runtime.call(late), by="timer", target=target, reason="timer")
    assert timed["interrupted"]
    assert [s.instance_id for s in runtime.publish_message("paid", "o-1").received_by] == [early]
    answer = runtime.interrupter.interrupt(runtime.call(early), by="timer", target=target, reason="timer")
    assert (answer["interrupted"], answer["event"]) == (False, "paid")


def test_a_confined_sender_reaches_its_projects_only(runtime: Runtime) -> None:
    confined = Caller(subject="bob", project_ids=frozenset({"p1"}))
    definition = runtime.published(MODEL)
    waiting(runtime, token="p2", definition=definition, context={"project_id": "p2"})
    runtime.publish_message("paid", "o-1", caller=confined)
    assert runtime.engine.answers == []
    waiting(runtime, token="p2b", definition=definition, context={"project_id": "p2"})
    assert runtime.engine.answers == []
    waiting(runtime, token="p1", definition=definition, context={"project_id": "p1"})
    assert runtime.engine.answers_of("p1")


def test_messages_and_tokens_that_meet_find_each_other_once(runtime: Runtime) -> None:
    definition = runtime.published(MODEL)
    instances = [runtime.started(definition) for _ in range(4)]
    start = Barrier(8)

    def send() -> None:
        start.wait()
        runtime.publish_message("paid", "o-1")

    def wait(instance: str) -> None:
        start.wait()
        runtime.arrive(instance, "paid", token=instance, subscriptions=(message(),))

    threads = [Thread(target=send) for _ in instances] + [Thread(target=wait, args=(i,)) for i in instances]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(token for token, _, _ in runtime.engine.answers) == sorted(instances)


BOUNDED = """
startEvent:start
userTask:work
boundaryEvent:stop {"properties": {"attached_to": "work"}}
userTask:after
endEvent:end
"""


def bounded(runtime: Runtime) -> tuple[str, str]:
    """An instance whose task a message may interrupt, and the task."""
    definition = runtime.published(BOUNDED)
    instance = runtime.started(definition)
    return instance, runtime.arrive(instance, "work", token="t", subscriptions=(message(element="stop"),))


def test_a_boundary_event_ends_the_task_and_a_second_run_goes_the_same_way(runtime: Runtime) -> None:
    instance, task = bounded(runtime)
    runtime.publish_message("paid", "o-1", variables={"why": "late"})
    runtime.arrive(instance, "work", token="again", subscriptions=(message(element="stop"),))
    for token in ("t", "again"):
        ((how, answer),) = runtime.engine.answers_of(token)
        assert (how, answer["variables"]) == ("catch.stop", {"why": "late"})
    with pytest.raises(Conflict):
        runtime.complete(task)
    assert not any(key.startswith("WAIT#") for key in rows(runtime))


def test_a_message_after_the_completion_finds_nobody(runtime: Runtime) -> None:
    _, task = bounded(runtime)
    runtime.complete(task)
    assert runtime.publish_message("paid", "o-1").received_by == ()


def test_a_timer_that_comes_with_a_message_learns_that_the_message_was_first(runtime: Runtime) -> None:
    instance, _ = bounded(runtime)
    runtime.publish_message("paid", "o-1", variables={"why": "late"})
    target = Target(scope="", element_id="work")
    decisions = [
        runtime.interrupter.interrupt(runtime.call(instance), by="timer", target=target, reason="timer") for _ in "12"
    ]
    assert decisions[0] == decisions[1]
    assert decisions[0]["interrupted"] is False
    assert decisions[0]["caught"]["error"] == "catch.stop"
    assert decisions[0]["caught"]["cause"]["variables"] == {"why": "late"}
    assert "timer_triggered" not in [event["type"] for event in runtime.events(instance)]
    runtime.arrive(instance, "work", token="again", subscriptions=(message(element="stop"),))
    ((how, answer),) = runtime.engine.answers_of("again")
    assert (how, answer) == ("catch.stop", decisions[0]["caught"]["cause"])


def test_a_message_that_comes_after_the_timer_waits_for_somebody_else(runtime: Runtime) -> None:
    instance, _ = bounded(runtime)
    target = Target(scope="", element_id="work")
    decision = runtime.interrupter.interrupt(runtime.call(instance), by="timer", target=target, reason="timer")
    assert decision["interrupted"] is True
    assert runtime.publish_message("paid", "o-1").received_by == ()


def thrown(kind: SubscriptionKind, name: str, key: str | None = None, **variables) -> Thrown:
    return Thrown(element_id="after", occurrence=0, kind=kind, name=name, correlation_key=key, variables=variables)


@pytest.mark.parametrize("kind", [SubscriptionKind.MESSAGE, SubscriptionKind.SIGNAL])
def test_what_a_machine_throws_is_thrown_once(runtime: Runtime, kind: SubscriptionKind) -> None:
    sender = runtime.started(runtime.published(MODEL))
    definition = runtime.published(MODEL)
    key = "o-1" if kind is SubscriptionKind.MESSAGE else None
    wait = Subscription(element_id="paid", kind=kind, name="paid", correlation_key=key)
    waiting(runtime, wait, token="first", definition=definition)
    throw = thrown(kind, "paid", key, amount=7)
    runtime.thrower.throw(runtime.call(sender), throw)
    assert runtime.engine.answers_of("first")[0][1]["result"] == {"amount": 7}
    waiting(runtime, wait, token="second", definition=definition)
    runtime.thrower.throw(runtime.call(sender, run=2), throw)
    assert runtime.engine.answers_of("second") == []
    sent = [event["type"] for event in runtime.events(sender) if event["type"].endswith("_sent")]
    assert sent == [f"{kind}_sent"]


def test_a_throw_that_was_cut_off_is_finished_by_its_repetition(runtime: Runtime) -> None:
    sender = runtime.started(runtime.published(MODEL))
    waiting(runtime, token="first")
    throw = thrown(SubscriptionKind.MESSAGE, "paid", "o-1")
    runtime.thrower._noted(runtime.call(sender), throw)  # and then the function died
    assert runtime.engine.answers_of("first") == []
    runtime.thrower.throw(runtime.call(sender), throw)
    assert len(runtime.engine.answers_of("first")) == 1


def test_a_thrown_message_waits_for_its_receiver(runtime: Runtime) -> None:
    sender = runtime.started(runtime.published(MODEL))
    runtime.thrower.throw(runtime.call(sender), thrown(SubscriptionKind.MESSAGE, "paid", "o-1", n=1))
    waiting(runtime, token="late")
    assert runtime.engine.answers_of("late")[0][1]["result"] == {"n": 1}


def test_an_instance_of_a_project_reaches_its_project_only(runtime: Runtime) -> None:
    sender = runtime.started(runtime.published(MODEL), context={"project_id": "p1"})
    definition = runtime.published(MODEL)
    signal = Subscription(element_id="paid", kind=SubscriptionKind.SIGNAL, name="alarm")
    for project in ("p1", "p2"):
        waiting(runtime, signal, token=project, definition=definition, context={"project_id": project})
    runtime.thrower.throw(runtime.call(sender), thrown(SubscriptionKind.SIGNAL, "alarm"))
    assert [token for token, _, _ in runtime.engine.answers] == ["p1"]


def test_a_signal_reaches_all_and_is_not_kept(runtime: Runtime) -> None:
    signal = Subscription(element_id="paid", kind=SubscriptionKind.SIGNAL, name="alarm")
    definition = runtime.published(MODEL)
    for token in ("a", "b"):
        waiting(runtime, signal, token=token, definition=definition)
    assert len(runtime.signals.publish(ADA, NewSignal(name="alarm", variables={"level": 2}))) == 2
    assert {answer["result"]["level"] for _, _, answer in runtime.engine.answers} == {2}
    waiting(runtime, signal, token="late", definition=definition)
    assert runtime.engine.answers_of("late") == []
