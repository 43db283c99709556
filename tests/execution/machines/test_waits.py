"""Catch events, receive tasks and event-based gateways: what they wait for, what they write, which way they take."""

import pytest

from orchestrator.compiler.pipeline import compile_process
from tests.execution.machines.runtime import Answer, Completed, Happened, Json, Machines, Open

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="t">'
    '<message id="paid" name="paid"><extensionElements><zeebe:subscription correlationKey="=order.id"/>'
    '</extensionElements></message><message id="named" name="=&quot;order-&quot; + string(order.id)"/>'
    '<message id="plain" name="plain"/><signal id="alarm" name="alarm"/>'
    '<process id="p" isExecutable="true"><startEvent id="s"/>'
)
TAIL = '<endEvent id="e"/></process></definitions>'
MESSAGE = '<messageEventDefinition messageRef="paid"/>'
SIGNAL = '<signalEventDefinition signalRef="alarm"/>'
TIMER = "<timerEventDefinition><timeDuration>PT1M</timeDuration></timerEventDefinition>"


def flows(*pairs: str) -> str:
    found = (pair.split(">") for pair in pairs)
    return "".join(f'<sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in found)


def catch(id_: str, inside: str) -> str:
    return f'<intermediateCatchEvent id="{id_}">{inside}</intermediateCatchEvent>'


def machine(body: str, *pairs: str) -> str:
    compiled = compile_process(HEAD + body + flows(*pairs) + TAIL)
    assert compiled.definition is not None, compiled.diagnostics
    assert compiled.catalogue is not None
    return compiled.definition


VARIABLES: Json = {"order": {"id": 17}}


@pytest.mark.parametrize(
    ("body", "subscription"),
    [
        (catch("w", MESSAGE), {"kind": "message", "name": "paid", "correlation_key": "17"}),
        (catch("w", MESSAGE.replace("paid", "plain")), {"kind": "message", "name": "plain", "correlation_key": None}),
        (
            catch("w", MESSAGE.replace("paid", "named")),
            {"kind": "message", "name": "order-17", "correlation_key": None},
        ),
        (catch("w", SIGNAL), {"kind": "signal", "name": "alarm"}),
        ('<receiveTask id="w" messageRef="paid"/>', {"kind": "message", "name": "paid", "correlation_key": "17"}),
    ],
    ids=["key", "no key", "name is an expression", "signal", "receive task"],
)
def test_a_wait_has_its_subscription_and_writes_the_payload(engine: Machines, body: str, subscription: Json) -> None:
    found = engine.run(machine(body, "s>w", "w>e"), lambda _: Happened("w", {"amount": 3}), VARIABLES)
    (activation,) = found.of("activate")
    assert activation["subscriptions"] == [{"element_id": "w", **subscription}]
    assert found.variables == {**VARIABLES, "amount": 3}
    assert found.done == ["s", "w", "e"]
    assert found.transitions <= 3


def test_a_catch_event_may_wait_for_one_of_several(engine: Machines) -> None:
    found = engine.run(machine(catch("w", MESSAGE + SIGNAL), "s>w", "w>e"), lambda _: Happened("w"), VARIABLES)
    (activation,) = found.of("activate")
    assert [s["kind"] for s in activation["subscriptions"]] == ["message", "signal"]


def test_waits_are_nobody_s_tasks() -> None:
    compiled = compile_process(HEAD + '<receiveTask id="w" messageRef="paid"/>' + flows("s>w", "w>e") + TAIL)
    assert compiled.catalogue is not None
    assert compiled.catalogue.planned_tasks == ()


GATEWAY = (
    '<eventBasedGateway id="g"/>' + catch("m", MESSAGE) + catch("n", SIGNAL) + catch("t", TIMER)
    + '<receiveTask id="r" messageRef="plain"/>'
    + "".join(f'<userTask id="after_{id_}"/>' for id_ in "mntr")
)  # fmt: skip
WAYS = ("s>g", *(way for id_ in "mntr" for way in (f"g>{id_}", f"{id_}>after_{id_}", f"after_{id_}>e")))


@pytest.mark.parametrize("event", ["m", "n", "r"])
def test_a_gateway_takes_the_way_of_the_event_that_happened(engine: Machines, event: str) -> None:
    def perform(call: Json) -> Answer:
        return Happened(event, {"x": 1}) if call["element_id"] == "g" else Completed()

    found = engine.run(machine(GATEWAY, *WAYS), perform, VARIABLES)
    assert found.done == ["s", "g", event, f"after_{event}", "e"]
    assert found.variables == {**VARIABLES, "x": 1}
    activation = found.of("activate")[0]
    assert [s["element_id"] for s in activation["subscriptions"]] == ["m", "n", "r"]
    assert activation["deadline"] - activation["clock"] == 60_000


def test_a_gateway_s_timer_interrupts_its_wait(engine: Machines) -> None:
    found = engine.run(
        machine(GATEWAY, *WAYS), lambda call: Open() if call["element_id"] == "g" else Completed(), VARIABLES
    )
    assert found.done == ["s", "g", "t", "after_t", "e"]
    (interrupt,) = found.of("interrupt")
    assert (interrupt["element_id"], interrupt["target"]["element_id"]) == ("t", "g")
    assert found.variables == VARIABLES


MAPPED = (
    '<extensionElements><zeebe:ioMapping><zeebe:input source="=order.id" target="number"/></zeebe:ioMapping>'
    "</extensionElements>"
)


def throw(id_: str, inside: str, kind: str = "intermediateThrowEvent") -> str:
    return f'<{kind} id="{id_}">{inside}</{kind}>'


def test_throw_events_publish_what_their_mappings_say(engine: Machines) -> None:
    body = throw("t", MAPPED + MESSAGE) + throw("u", SIGNAL)
    found = engine.run(machine(body, "s>t", "t>u", "u>e"), variables=VARIABLES)
    message, signal = found.of("throw")
    assert (message["kind"], message["name"], message["correlation_key"]) == ("message", "paid", "17")
    assert message["variables"] == {"number": 17}
    assert (signal["kind"], signal["name"], signal["variables"]) == ("signal", "alarm", {})
    assert found.done == ["s", "t", "u", "e"]
    assert found.variables == VARIABLES


@pytest.mark.parametrize("event", [MESSAGE, SIGNAL], ids=["message", "signal"])
def test_an_end_event_publishes_and_ends_its_token(engine: Machines, event: str) -> None:
    body = '<parallelGateway id="f"/>' + throw("x", event, "endEvent") + '<userTask id="a"/>'
    found = engine.run(machine(body, "s>f", "f>x", "f>a", "a>e"), variables=VARIABLES)
    assert len(found.of("throw")) == 1
    assert set(found.done) == {"s", "f", "x", "a", "e"}


def test_an_event_throws_all_that_it_names_in_order(engine: Machines) -> None:
    body = throw("t", MAPPED + MESSAGE + SIGNAL) + throw("x", SIGNAL + MESSAGE, "endEvent")
    found = engine.run(machine(body, "s>t", "t>x"), variables=VARIABLES)
    thrown = [(call["element_id"], call["kind"], call["occurrence"]) for call in found.of("throw")]
    assert thrown == [("t", "message", 0), ("t", "signal", 1), ("x", "signal", 0), ("x", "message", 1)]
    assert found.done == ["s", "t", "x"]


def test_each_round_of_a_loop_throws_under_keys_of_its_own(engine: Machines) -> None:
    body = throw("t", MESSAGE + SIGNAL) + '<userTask id="a"/><exclusiveGateway id="g" default="g-e"/>'
    again = '<sequenceFlow id="again" sourceRef="g" targetRef="t"><conditionExpression>=more</conditionExpression>'
    left = iter([True, False])
    found = engine.run(
        machine(body + again + "</sequenceFlow>", "s>t", "t>a", "a>g", "g>e"),
        lambda _: Completed({"more": next(left)}),
        VARIABLES,
    )
    assert [call["occurrence"] for call in found.of("throw")] == [0, 1, 2, 3]


ALL = '<intermediateCatchEvent id="w" parallelMultiple="true">' + MESSAGE + SIGNAL + "</intermediateCatchEvent>"


def test_a_catch_event_may_wait_for_all_of_several(engine: Machines) -> None:
    def perform(call: Json) -> Answer:
        (subscription,) = call["subscriptions"]
        return Happened("w", {subscription["kind"]: True})

    found = engine.run(machine(ALL, "s>w", "w>e"), perform, VARIABLES)
    assert sorted(call["occurrence"] for call in found.of("activate")) == [0, 1]
    assert found.variables == {**VARIABLES, "message": True, "signal": True}
    assert found.done == ["s", "w", "e"]


@pytest.mark.parametrize("answer", [Happened("w", {"x": 1}), Open()], ids=["message", "timer"])
def test_a_timer_among_several_events_is_one_of_them(engine: Machines, answer: Answer) -> None:
    found = engine.run(machine(catch("w", TIMER + MESSAGE), "s>w", "w>e"), lambda _: answer, VARIABLES)
    assert found.done == ["s", "w", "e"]
    assert found.variables == ({**VARIABLES, "x": 1} if isinstance(answer, Happened) else VARIABLES)
    assert found.of("activate")[0]["deadline"] - found.of("activate")[0]["clock"] == 60_000


@pytest.mark.parametrize(
    "body",
    [
        '<eventBasedGateway id="w" instantiate="true" eventGatewayType="Parallel"/>',
        '<eventBasedGateway id="w"/>' + ALL.replace('"w"', '"v"') + flows("w>v"),
        '<userTask id="w"/><boundaryEvent id="b" attachedToRef="w" parallelMultiple="true">'
        + MESSAGE
        + SIGNAL
        + "</boundaryEvent>",
        throw("w", MESSAGE + "<escalationEventDefinition/>"),
    ],
    ids=[
        "instantiating gateway",
        "all of several behind a gateway",
        "all of several at a boundary",
        "throws two kinds",
    ],
)
def test_what_does_not_run_yet_is_refused(body: str) -> None:
    compiled = compile_process(HEAD + body + flows("s>w", "w>e") + TAIL)
    assert compiled.definition is None
    assert "UNSUPPORTED_ELEMENT" in {finding.code for finding in compiled.diagnostics}
