"""Messages and signals start instances of what is published: each once, in a slot or queued."""

from typing import Any

import pytest

from orchestrator.domain.caller import Caller
from orchestrator.domain.definition import DefinitionStatus, DefinitionUpdate
from orchestrator.domain.errors import Conflict, ModelRejected
from orchestrator.domain.subscription import Subscription, SubscriptionKind
from orchestrator.services.machines.throwing import Thrown
from orchestrator.services.publications.messages import NewMessage
from orchestrator.services.publications.signals import NewSignal
from tests.builders import ADA, Runtime

MODEL = """
startEvent:ordered {"name": "Ordered"}
>message:ordered:order
startEvent:alarmed
>signal:alarmed:alarm
userTask:work
endEvent:end
"""
PLAIN = (
    """
startEvent:start
>none:start
"""
    + MODEL
)


def started(receivers: Any) -> list[tuple[str, str]]:
    return [(each.definition_id, each.element_id) for each in receivers]


def instances_of(runtime: Runtime, definition: str) -> list[str]:
    found = runtime.table.client.scan(TableName=runtime.table.name)["Items"]
    heads = [item for item in found if item["sk"]["S"] == "META" and item["pk"]["S"].startswith("INSTANCE#")]
    return [item["id"]["S"] for item in heads if item["definition_id"]["S"] == definition]


def waiting_rows(runtime: Runtime) -> list[str]:
    found = runtime.table.client.scan(TableName=runtime.table.name)["Items"]
    return sorted(item["sk"]["S"] for item in found if item["sk"]["S"].startswith("START#"))


def test_a_message_starts_an_instance_at_its_start_event(runtime: Runtime) -> None:
    definition = runtime.published(MODEL)
    published = runtime.publish_message("order", "o-1", variables={"amount": 7}, message_id="m-1")
    assert started(published.received_by) == [(definition, "ordered")]
    (receiver,) = published.received_by
    record = runtime.instances.get(ADA, receiver.instance_id)
    assert (record.instance.status, record.input_variables) == ("running", {"amount": 7})
    token = runtime.engine.inputs[receiver.instance_id]
    assert (token["entry"], token["variables"], token["initiator"]) == ("ordered", {"amount": 7}, "ada")
    told = [event["type"] for event in runtime.events(receiver.instance_id)]
    assert told == ["workflow_created", "message_received", "workflow_started"]


def test_a_repeated_message_starts_nothing_more(runtime: Runtime) -> None:
    definition = runtime.published(MODEL)
    for _ in range(2):
        runtime.publish_message("order", message_id="m-1")
    assert len(instances_of(runtime, definition)) == 1
    runtime.publish_message("order", message_id="m-2")
    assert len(instances_of(runtime, definition)) == 2


def test_each_definition_starts_one(runtime: Runtime) -> None:
    definitions = [runtime.published(MODEL) for _ in range(3)]
    published = runtime.publish_message("order", "o-1")
    assert sorted(started(published.received_by)) == sorted((each, "ordered") for each in definitions)


def test_an_instance_that_waits_has_the_message_before_a_start_event(runtime: Runtime) -> None:
    definition = runtime.published(PLAIN)
    instance = runtime.started(definition)
    wait = Subscription(element_id="work", kind=SubscriptionKind.MESSAGE, name="order", correlation_key="o-1")
    runtime.arrive(instance, "work", token="t", subscriptions=(wait,))
    published = runtime.publish_message("order", "o-1")
    assert [each.instance_id for each in published.received_by] == [instance]
    assert instances_of(runtime, definition) == [instance]


def test_while_its_instance_is_active_a_correlation_key_starts_no_other(runtime: Runtime) -> None:
    definition = runtime.published(MODEL)
    (first,) = runtime.publish_message("order", "o-1", variables={"n": 1}).received_by
    for number in (2, 3):
        runtime.clock.forward(seconds=1)
        assert runtime.publish_message("order", "o-1", variables={"n": number}).received_by == ()
    assert len(runtime.publish_message("order", "o-2").received_by) == 1
    assert len(runtime.publish_message("order").received_by) == 1
    runtime.control.cancel(ADA, first.instance_id, None)
    runtime.clock.forward(seconds=61)
    runtime.messages.look_after(lambda: True)
    records = [runtime.instances.get(ADA, each) for each in instances_of(runtime, definition)]
    keyed = [r for r in records if r.instance.origin.correlation_key == "o-1" and not r.instance.is_final]
    assert [record.input_variables for record in keyed] == [{"n": 2}]


def test_messages_that_a_key_holds_back_follow_in_order(runtime: Runtime) -> None:
    definition = runtime.published(MODEL)
    for number in (1, 2, 3):
        runtime.publish_message("order", "o-1", variables={"n": number})
        runtime.clock.forward(seconds=1)
    begun = []
    for _ in range(3):
        (active,) = [i for i in instances_of(runtime, definition) if not runtime.status(i).is_final]
        begun.append(runtime.instances.get(ADA, active).input_variables["n"])
        runtime.control.terminate(ADA, active, None)
        runtime.clock.forward(seconds=61)
        runtime.messages.look_after(lambda: True)
    assert begun == [1, 2, 3]


def test_a_signal_starts_one_each_time(runtime: Runtime) -> None:
    definition = runtime.published(MODEL)
    for _ in range(2):
        received_by = runtime.signals.publish(ADA, NewSignal(name="alarm", variables={"level": 3}))
        assert started(received_by) == [(definition, "alarmed")]
    one = NewSignal(name="alarm", id="the same")
    assert [len(runtime.signals.publish(ADA, one)) for _ in range(2)] == [1, 0]
    assert len(instances_of(runtime, definition)) == 3


def test_a_repeated_throw_starts_one(runtime: Runtime) -> None:
    thrower, definition = runtime.started(), runtime.published(MODEL)
    for kind, name in ((SubscriptionKind.SIGNAL, "alarm"), (SubscriptionKind.MESSAGE, "order")):
        thrown = Thrown(element_id="first", occurrence=0, kind=kind, name=name, variables={})
        for _ in range(2):
            runtime.thrower.throw(runtime.call(thrower, scope=f"/{kind}"), thrown)
    assert len(instances_of(runtime, definition)) == 2


def test_the_next_publication_moves_the_start_events(runtime: Runtime) -> None:
    definition = runtime.published(MODEL)
    update = DefinitionUpdate(version="2.0.0", content=MODEL.replace(":order", ":order2"))
    runtime.definitions.update(ADA, definition, update)
    assert len(runtime.publish_message("order", "o").received_by) == 1  # a draft changes nothing
    runtime.definitions.publish(ADA, definition)
    assert runtime.publish_message("order", "o-2").received_by == ()
    (receiver,) = runtime.publish_message("order2").received_by
    assert str(runtime.status(receiver.instance_id).definition_version) == "2.0.0"


@pytest.mark.parametrize("status", ["deprecated", "archived", None])
def test_what_serves_no_more_starts_no_more(runtime: Runtime, status: str | None) -> None:
    definition = runtime.published(MODEL)
    assert len(waiting_rows(runtime)) == 2
    if status is None:
        runtime.definitions.delete(ADA, definition)
    else:
        runtime.definitions.update(ADA, definition, DefinitionUpdate(status=DefinitionStatus(status)))
    assert waiting_rows(runtime) == []
    assert runtime.publish_message("order").received_by == ()
    if status == "deprecated":
        runtime.definitions.update(ADA, definition, DefinitionUpdate(status=DefinitionStatus.PUBLISHED))
        assert len(runtime.publish_message("order").received_by) == 1


def test_without_a_slot_the_instance_queues_and_starts_at_its_event_later(runtime: Runtime) -> None:
    small = Runtime(runtime.table, runtime.calls, max_concurrent_workflows=1)
    running = small.started()
    definition = small.published(MODEL)
    (receiver,) = small.publish_message("order").received_by
    assert small.status(receiver.instance_id).status == "queued"
    small.control.cancel(ADA, running, None)
    small.worker.admit(lambda: True)
    assert small.status(receiver.instance_id).status == "running"
    token = small.engine.inputs[receiver.instance_id]
    assert token["entry"] == "ordered"
    assert instances_of(small, definition) == [receiver.instance_id]


def test_who_asks_for_an_instance_needs_a_none_start_event(runtime: Runtime) -> None:
    with pytest.raises(Conflict) as refused:
        runtime.created(runtime.published(MODEL))
    assert [each["element_id"] for each in refused.value.details["start_events"]] == ["ordered", "alarmed"]
    token = runtime.engine.inputs[runtime.started(runtime.published(PLAIN))]
    assert "entry" not in token


def test_a_confined_sender_starts_instances_of_its_project(runtime: Runtime) -> None:
    runtime.published(MODEL)
    one = Caller(subject="bob", project_ids=frozenset({"p1"}))
    several = Caller(subject="eve", project_ids=frozenset({"p1", "p2"}))
    (receiver,) = runtime.publish_message("order", caller=one).received_by
    assert (runtime.status(receiver.instance_id).project_id, runtime.status(receiver.instance_id).created_by) == (
        "p1",
        "bob",
    )
    assert runtime.publish_message("order", caller=several).received_by == ()
    (receiver,) = runtime.messages.publish(several, NewMessage(name="order", project_id="p2")).received_by
    assert runtime.status(receiver.instance_id).project_id == "p2"
    (receiver,) = runtime.signals.publish(one, NewSignal(name="alarm"))
    assert runtime.status(receiver.instance_id).project_id == "p1"
    assert runtime.signals.publish(several, NewSignal(name="alarm")) == ()


def test_names_are_evaluated_when_the_version_is_published(runtime: Runtime) -> None:
    runtime.published(MODEL.replace("message:ordered:order", 'message:ordered:="or" + "der"'))
    assert len(runtime.publish_message("order").received_by) == 1
    with pytest.raises(ModelRejected) as refused:
        runtime.published(MODEL.replace("message:ordered:order", "message:ordered:=customer.name"))
    assert [(f.code, f.element_id) for f in refused.value.findings] == [("START_EVENT_UNRESOLVED", "ordered")]


def test_a_process_without_a_none_start_event_cannot_be_called(runtime: Runtime) -> None:
    called = runtime.call_service.definitions
    runtime.published(MODEL)
    assert called.find("p") is None
    assert runtime.published(PLAIN) == getattr(called.find("p"), "definition_id", None)


def test_the_end_of_an_instance_lets_the_next_message_of_its_key_begin(runtime: Runtime) -> None:
    runtime.published(MODEL)
    (first,) = runtime.publish_message("order", "o-1").received_by
    runtime.publish_message("order", "o-1", variables={"n": 2})
    ended = runtime.dispatcher.complete(runtime.call(first.instance_id), {})
    runtime.messages.release(ended)
    (second,) = [name for name in runtime.engine.inputs if name != first.instance_id]
    assert runtime.engine.inputs[second]["variables"] == {"n": 2}
