"""The outbox: what the stream says of new events reaches the bus in order, at least once."""

import json
from contextlib import contextmanager
from dataclasses import dataclass, field

import boto3
import pytest

from orchestrator.adapters.dynamodb.attributes import marshal
from orchestrator.services.events.relay import OutboxRelay
from orchestrator.workers import outbox_relay
from tests.builders import Runtime
from tests.contract.composition import compose


@dataclass
class FakeBus:
    refuse: set[str] = field(default_factory=set)
    published: list[dict] = field(default_factory=list)

    def publish(self, events):
        assert len(events) <= 10
        refused = tuple(place for place, event in enumerate(events) if event["id"] in self.refuse)
        self.published += [event for event in events if event["id"] not in self.refuse]
        return refused


def stream_of(runtime: Runtime, instance: str) -> list[dict]:
    items = runtime.table.all(f"INSTANCE#{instance}")
    return [
        {
            "eventName": "INSERT",
            "dynamodb": {
                "Keys": marshal({"pk": item["pk"], "sk": item["sk"]}),
                "NewImage": marshal(item),
                "SequenceNumber": str(number),
            },
        }
        for number, item in enumerate(items)
    ]


@contextmanager
def relaying_to(bus: FakeBus):
    with pytest.MonkeyPatch.context() as patch:
        compose(patch, {"outbox_relay": OutboxRelay(bus)})
        yield


def test_events_reach_the_bus_in_order_and_nothing_else_does(runtime: Runtime) -> None:
    instance = runtime.started()
    runtime.arrive(instance, "first", trail=("start", *["gate"] * 20))
    bus = FakeBus()
    with relaying_to(bus):
        assert outbox_relay.handler({"Records": stream_of(runtime, instance)}, None) == {"batchItemFailures": []}
    assert [int(event["sequence"]) for event in bus.published] == list(range(1, 25))
    first = bus.published[0]
    assert (first["type"], first["subject"], first["specversion"]) == ("workflow_created", instance, "1.0")
    assert first["data"]["metadata"]["correlation_id"] == "corr-1"
    json.dumps(bus.published)


def test_from_the_first_refusal_on_everything_comes_again(runtime: Runtime) -> None:
    instance = runtime.started()
    runtime.arrive(instance, "first", trail=("start", *["gate"] * 20))
    events = runtime.events(instance)
    bus = FakeBus(refuse={events[12]["id"]})
    records = stream_of(runtime, instance)
    with relaying_to(bus):
        (failure,) = outbox_relay.handler({"Records": records}, None)["batchItemFailures"]
        bus.refuse.clear()
        again = [r for r in records if int(r["dynamodb"]["SequenceNumber"]) >= int(failure["itemIdentifier"])]
        assert outbox_relay.handler({"Records": again}, None) == {"batchItemFailures": []}
    assert {event["id"] for event in bus.published} == {event["id"] for event in events}
    refused = next(r for r in records if r["dynamodb"]["SequenceNumber"] == failure["itemIdentifier"])
    assert refused["dynamodb"]["NewImage"]["id"]["S"] == events[12]["id"]


def test_the_bus_takes_our_events(runtime: Runtime) -> None:
    from orchestrator.adapters.dynamodb import outbox
    from orchestrator.adapters.eventbridge import CustomBus
    from orchestrator.domain.cloud_event import cloud_event

    client = boto3.client("events", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
    client.create_event_bus(Name="record")
    instance = runtime.started()
    events = [cloud_event(outbox.read(item)) for item in runtime.events(instance)]
    assert CustomBus(client, "record").publish(events) == ()


@pytest.mark.parametrize("name", ["MODIFY", "REMOVE"])
def test_only_insertions_count(runtime: Runtime, name: str) -> None:
    records = [record | {"eventName": name} for record in stream_of(runtime, runtime.started())]
    bus = FakeBus()
    with relaying_to(bus):
        outbox_relay.handler({"Records": records}, None)
    assert bus.published == []
