"""Compiled machines on an interpreter, their dispatcher and the record together: flows, losses, rebuilds."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic, sleep

import boto3
import pytest

from infra.local.step_functions import Clock, Integrations, StepFunctions
from infra.local.step_functions.in_process import Handlers, connect
from orchestrator.adapters import stepfunctions
from orchestrator.adapters.system import RandomIds, SystemClock, SystemPause
from orchestrator.compiler.pipeline import compile_process
from orchestrator.domain.errors import PayloadTooLarge
from orchestrator.domain.instance import InstanceStatus
from orchestrator.domain.task_failure import Report
from orchestrator.services.tasks.task_failures import ErrorType, TaskFailure
from orchestrator.workers import task_dispatch
from tests.builders import ADA, Runtime
from tests.contract.composition import compose
from tests.contract.dynamodb import fresh_table

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:dispatch"
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="t">'
    '<process id="p" isExecutable="true">'
)
TAIL = "</process></definitions>"


def flow(source: str, target: str, inside: str = "") -> str:
    return f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'


def when(feel: str) -> str:
    return f'<conditionExpression xsi:type="tFormalExpression">={feel}</conditionExpression>'


def timer(element: str, duration: str) -> str:
    return (
        f'<boundaryEvent id="late" attachedToRef="{element}"><timerEventDefinition>'
        f"<timeDuration>{duration}</timeDuration></timerEventDefinition></boundaryEvent>"
    )


DECIDED = (
    HEAD + '<startEvent id="s"/><userTask id="ask"/><exclusiveGateway id="gate" default="gate-no"/>'
    '<userTask id="yes"/><userTask id="no"/><endEvent id="e"/>'
    + flow("s", "ask") + flow("ask", "gate") + flow("gate", "yes", when("ok = true"))
    + flow("gate", "no") + flow("yes", "e") + flow("no", "e") + TAIL
)  # fmt: skip
PARALLEL = (
    HEAD + '<startEvent id="s"/><userTask id="first"/><parallelGateway id="split"/><userTask id="a"/>'
    '<userTask id="b"/><parallelGateway id="join"/><userTask id="last"/><endEvent id="e"/>'
    + flow("s", "first") + flow("first", "split") + flow("split", "a") + flow("split", "b")
    + flow("a", "join") + flow("b", "join") + flow("join", "last") + flow("last", "e") + TAIL
)  # fmt: skip
FAILING = (
    HEAD.replace("<process", '<error id="x" errorCode="NONE"/><process')
    + '<startEvent id="s"/><userTask id="a"/><boundaryEvent id="b" attachedToRef="a"><errorEventDefinition '
    'errorRef="x"/></boundaryEvent><userTask id="h"/><exclusiveGateway id="g" default="g-e"/><userTask id="c"/>'
    '<endEvent id="e"/>' + flow("s", "a") + flow("a", "e") + flow("b", "h") + flow("h", "g")
    + flow("g", "c", when('read = "yes"')) + flow("g", "e") + flow("c", "e") + TAIL
)  # fmt: skip
TIMED = (
    HEAD + '<startEvent id="s"/><userTask id="slow"/>' + timer("slow", "PT1M")
    + '<userTask id="escalate"/><endEvent id="e"/>'
    + flow("s", "slow") + flow("slow", "e") + flow("late", "escalate") + flow("escalate", "e") + TAIL
)  # fmt: skip
TIMED_SCOPE = (
    HEAD + '<startEvent id="s"/><subProcess id="sub"><startEvent id="is"/><userTask id="slow"/><endEvent id="ie"/>'
    + flow("is", "slow") + flow("slow", "ie") + "</subProcess>" + timer("sub", "PT1M")
    + '<userTask id="escalate"/><endEvent id="e"/>'
    + flow("s", "sub") + flow("sub", "e") + flow("late", "escalate") + flow("escalate", "e") + TAIL
)  # fmt: skip
STUCK = (
    HEAD + '<startEvent id="s"/><exclusiveGateway id="gate"/><userTask id="yes"/><userTask id="no"/>'
    + flow("s", "gate") + flow("gate", "yes", when("ok = true"))
    + flow("gate", "no", when("ok = false")) + TAIL
)  # fmt: skip

CROSSING = (
    HEAD + '<startEvent id="s"/>'
    + "".join(f'<parallelGateway id="{one}"/>' for one in ("f", "g", "h", "j1", "j2", "j"))
    + '<userTask id="a"/><userTask id="b"/><userTask id="last"/><endEvent id="e"/>'
    + flow("s", "f") + flow("f", "g") + flow("f", "h") + flow("g", "j1") + flow("g", "j2") + flow("h", "j1")
    + flow("h", "j2") + flow("j1", "a") + flow("j2", "b") + flow("a", "j") + flow("b", "j") + flow("j", "last")
    + flow("last", "e") + TAIL
)  # fmt: skip


@dataclass
class World:
    """The runtime, and an interpreter that can be lost and replaced."""

    runtime: Runtime
    functions: Handlers
    scale: float
    states: StepFunctions | None = None
    machines: dict = field(default_factory=dict)

    def lose_executions(self) -> None:
        if self.states is not None:
            self.machines |= {arn: machine for arn, machine in self.states.changed_machines().items() if machine}
            self.states.__exit__()
        self.states = StepFunctions(Integrations(self.functions), clock=Clock(scale=self.scale)).__enter__()
        self.states.restore(self.machines.values(), [])
        client = boto3.client(
            "stepfunctions", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
        )
        engine = stepfunctions.StepFunctions(
            client=connect(client, self.states), claims=self.runtime.claims, role_arn=ROLE, dispatcher_arn=FUNCTION
        )
        for service in (self.runtime.definitions, self.runtime.instances, self.runtime.tasks, self.runtime.dispatcher,
                        self.runtime.watch, self.runtime.relatives, self.runtime.control,
                        self.runtime.correlation, self.runtime.correlation.endings, self.runtime.starts):  # fmt: skip
            object.__setattr__(service, "engine", engine)

    def wait(self, condition: Callable[[], object], what: str) -> None:
        deadline = monotonic() + 30
        while not condition():
            assert monotonic() < deadline, what
            sleep(0.01)

    def open(self, instance: str) -> dict[str, str]:
        return {task.element_id: task.id for task in self.runtime.instances.status(ADA, instance).tasks}

    def wait_for(self, instance: str, *elements: str) -> dict[str, str]:
        self.wait(lambda: set(self.open(instance)) == set(elements), f"{elements}, not {self.open(instance)}")
        return self.open(instance)

    def complete(self, instance: str, element: str, **result) -> None:
        self.runtime.complete(self.open(instance)[element], **result)

    def ended(self, instance: str):
        def over() -> bool:
            return self.runtime.status(instance).status is not InstanceStatus.RUNNING

        self.wait(over, "the end")
        return self.runtime.instances.get(ADA, instance)


ROLE = "arn:aws:iam::000000000000:role/machines"


@contextmanager
def world_of(scale: float) -> Iterator[World]:
    with fresh_table() as (table, calls):
        runtime = Runtime(
            table, calls, clock=SystemClock(), ids=RandomIds(), pause=SystemPause(), compiler=compile_process
        )
        functions = Handlers({"dispatch": task_dispatch.handler})
        world = World(runtime, functions, scale)
        world.lose_executions()
        stand_ins = {
            "task_dispatcher": runtime.dispatcher,
            "interrupter": runtime.interrupter,
            "keeper": runtime.keeper,
            "round_counter": runtime.rounds,
            "compensator": runtime.compensator,
            "relatives": runtime.relatives,
            "call_service": runtime.call_service,
            "call_follower": runtime.call_follower,
            "thrower": runtime.thrower,
            "conditions": runtime.conditions,
            "threads": runtime.threads,
            "thread_joins": runtime.thread_joins,
            "watches": runtime.watches,
            "escalator": runtime.escalator,
            "message_service": runtime.messages,
        }
        with pytest.MonkeyPatch.context() as patch:
            compose(patch, stand_ins)
            yield world
        world.states.__exit__()


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(1.0) as found:
        yield found


def test_machines_are_traced(world: World) -> None:
    world.runtime.published(DECIDED)
    client = world.runtime.definitions.engine.client
    (machine,) = client.list_state_machines()["stateMachines"]
    described = client.describe_state_machine(stateMachineArn=machine["stateMachineArn"])
    assert described["tracingConfiguration"] == {"enabled": True}


def failed(world: World, instance: str, **variables: object) -> None:
    report = Report(code="NONE", message="no stock")
    failure = TaskFailure(report=report, error_type=ErrorType.BPMN_ERROR, variables=variables)
    world.runtime.failures.fail(ADA, world.wait_for(instance, "a")["a"], failure)


def test_an_error_brings_more_than_the_cause_of_a_failure_holds(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(FAILING))
    brought = {"large": "x" * 100_000, **{f"v{n}": "v" * 3_000 for n in range(20)}}
    failed(world, instance, read="yes", **brought)
    assert world.runtime.tasks.get(ADA, world.wait_for(instance, "h")["h"]).input_data == {"read": "yes", **brought}
    world.complete(instance, "h")
    world.wait_for(instance, "c")


def test_an_error_that_no_cause_can_hold_is_refused(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(FAILING))
    with pytest.raises(PayloadTooLarge) as refused:
        failed(world, instance, read="y" * 40_000)
    assert (refused.value.field, refused.value.limit) == ("variables", 28 * 1024)
    failed(world, instance, read="yes")
    world.wait_for(instance, "h")


def test_large_values_travel_as_references(world: World) -> None:
    """Together they are more than a state carries; the one that a condition reads is there for it."""
    instance = world.runtime.started(world.runtime.published(PARALLEL), input_variables={"x": "x" * 100_000})
    world.wait_for(instance, "first")
    world.complete(instance, "first", y="y" * 100_000)
    tasks = world.wait_for(instance, "a", "b")
    world.complete(instance, "a", z=["z" * 50_000, {"n": 1}])
    world.complete(instance, "b", small={"$claim": "claims/a/" + "0" * 64, "bytes": 1})
    (last,) = world.wait_for(instance, "last").values()
    given = world.runtime.tasks.get(ADA, last).input_data
    assert {name: len(str(value)) for name, value in given.items()} == {
        "x": 100_000, "y": 100_000, "z": 50_014, "small": 99
    }  # fmt: skip
    assert world.runtime.tasks.get(ADA, tasks["a"]).result_data == {"z": ["z" * 50_000, {"n": 1}]}
    world.complete(instance, "last")
    record = world.ended(instance)
    assert (record.instance.status, record.output_variables) == (InstanceStatus.COMPLETED, given)
    assert len(world.runtime.payloads.texts) == 3


def test_what_a_condition_reads_travels_inline(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(DECIDED), input_variables={"a": "a" * 5_000})
    world.wait_for(instance, "ask")
    world.complete(instance, "ask", ok="k" * 5_000)
    world.wait_for(instance, "no")
    assert [json.loads(text) for text in world.runtime.payloads.texts.values()] == ["a" * 5_000]


@pytest.mark.parametrize(("ok", "taken"), [(True, "yes"), (False, "no")])
def test_results_steer_the_gateway(world: World, ok: bool, taken: str) -> None:
    instance = world.runtime.started(world.runtime.published(DECIDED), input_variables={"a": 1})
    world.wait_for(instance, "ask")
    world.complete(instance, "ask", ok=ok)
    world.wait_for(instance, taken)
    world.complete(instance, taken)
    record = world.ended(instance)
    assert record.instance.status is InstanceStatus.COMPLETED
    assert record.output_variables == {"a": 1, "ok": ok}
    assert record.instance.progress.percentage == 100
    done = [
        e["element_id"] for e in world.runtime.events(instance) if e["type"] in ("element_completed", "task_completed")
    ]
    assert done == ["s", "ask", "gate", taken, "e"]


def test_lost_executions_go_on_where_they_were(world: World) -> None:
    definition = world.runtime.published(PARALLEL)
    instance = world.runtime.started(definition)
    world.wait_for(instance, "first")
    world.lose_executions()
    assert world.runtime.watch.reconcile(lambda: True) == 1
    world.complete(instance, "first", x=1)
    tasks = world.wait_for(instance, "a", "b")
    world.complete(instance, "a", a=1)
    world.lose_executions()
    world.runtime.watch.reconcile(lambda: True)
    assert world.wait_for(instance, "b") == {"b": tasks["b"]}
    world.complete(instance, "b", b=2)
    world.wait_for(instance, "last")
    world.complete(instance, "last")
    record = world.ended(instance)
    assert record.output_variables == {"x": 1, "a": 1, "b": 2}
    assert record.instance.progress.created == 4
    done = [
        e["element_id"] for e in world.runtime.events(instance) if e["type"] in ("element_completed", "task_completed")
    ]
    assert sorted(done) == sorted(["s", "first", "split", "a", "b", "join", "last", "e"])


def test_an_answer_that_was_lost_with_its_execution_is_given_to_the_next(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(DECIDED))
    world.wait_for(instance, "ask")
    world.lose_executions()
    world.complete(instance, "ask", ok=True)  # nobody waits for the answer
    world.runtime.watch.reconcile(lambda: True)
    world.wait_for(instance, "yes")


@pytest.mark.parametrize("model", [TIMED, TIMED_SCOPE], ids=["activity", "sub-process"])
def test_a_timer_interrupts_and_does_so_again_in_a_second_run(model: str) -> None:
    with world_of(0.02) as world:
        instance = world.runtime.started(world.runtime.published(model))
        slow = world.wait_for(instance, "slow")["slow"]
        escalate = world.wait_for(instance, "escalate")
        assert world.runtime.tasks.get(ADA, slow).task.interrupted_by == "late"
        world.lose_executions()
        world.runtime.watch.reconcile(lambda: True)
        sleep(0.3)
        assert world.wait_for(instance, "escalate") == escalate
        world.complete(instance, "escalate")
        assert world.ended(instance).instance.status is InstanceStatus.COMPLETED
        types = [event["type"] for event in world.runtime.events(instance)]
        assert types.count("timer_triggered") == 1


@pytest.mark.parametrize("model", [TIMED, TIMED_SCOPE], ids=["activity", "sub-process"])
def test_work_done_in_time_is_not_interrupted(world: World, model: str) -> None:
    instance = world.runtime.started(world.runtime.published(model))
    world.wait_for(instance, "slow")
    world.complete(instance, "slow", x=1)
    record = world.ended(instance)
    assert record.instance.status is InstanceStatus.COMPLETED
    assert record.output_variables == {"x": 1}


def test_a_gateway_that_nothing_leaves_is_an_incident(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(STUCK))
    record = world.ended(instance)
    assert record.instance.status is InstanceStatus.FAILED
    assert (record.instance.failure.element_id, record.instance.failure.retry_possible) == ("gate", True)


def test_side_threads_go_on_where_they_were_when_all_executions_are_lost(world: World) -> None:
    instance = world.runtime.started(world.runtime.published(CROSSING), input_variables={"z": 0})
    tasks = world.wait_for(instance, "a", "b")
    world.lose_executions()
    world.runtime.watch.reconcile(lambda: True)
    world.complete(instance, "a", a=1)
    assert world.wait_for(instance, "b") == {"b": tasks["b"]}
    world.lose_executions()
    world.runtime.watch.reconcile(lambda: True)
    world.complete(instance, "b", b=2)
    world.wait_for(instance, "last")
    world.complete(instance, "last")
    record = world.ended(instance)
    assert record.instance.status is InstanceStatus.COMPLETED
    assert record.output_variables == {"z": 0, "a": 1, "b": 2}
    done = [
        e["element_id"] for e in world.runtime.events(instance) if e["type"] in ("element_completed", "task_completed")
    ]
    assert sorted(done) == sorted(["s", "f", "g", "h", "j1", "j2", "a", "b", "j", "last", "e"])


ORDER = (
    HEAD.replace("<process", '<message id="m" name="paid"/><signal id="g" name="shipped"/><process')
    + '<startEvent id="s"/><eventBasedGateway id="wait"/><intermediateCatchEvent id="paid">'
    '<messageEventDefinition messageRef="m"/></intermediateCatchEvent><intermediateCatchEvent id="late">'
    "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>"
    '<userTask id="ship"/><endEvent id="e"><signalEventDefinition signalRef="g"/></endEvent><endEvent id="x"/>'
    + flow("s", "wait") + flow("wait", "paid") + flow("wait", "late") + flow("paid", "ship") + flow("ship", "e")
    + flow("late", "x") + TAIL
)  # fmt: skip
BILLING = (
    HEAD.replace("<process", '<message id="m" name="paid"/><signal id="g" name="shipped"/><process')
    + '<startEvent id="s"/><intermediateThrowEvent id="pay"><messageEventDefinition messageRef="m"/>'
    '</intermediateThrowEvent><intermediateCatchEvent id="shipped"><signalEventDefinition signalRef="g"/>'
    '</intermediateCatchEvent><endEvent id="e"/>'
    + flow("s", "pay") + flow("pay", "shipped") + flow("shipped", "e") + TAIL
)  # fmt: skip


def waits(world: World, instance: str) -> list[str]:
    unanswered = world.runtime.instance_store.load_unanswered(instance).tasks
    return [task.element_id for task in unanswered if not task.is_work]


def test_two_processes_talk_by_message_and_signal_and_lose_nothing(world: World) -> None:
    runtime = world.runtime
    order, billing = runtime.published(ORDER), runtime.published(BILLING)
    customer = runtime.started(order)
    world.wait(lambda: waits(world, customer) == ["wait"], "the order waits")
    world.lose_executions()
    bill = runtime.started(billing)
    runtime.watch.reconcile(lambda: True)
    tasks = world.wait_for(customer, "ship")
    world.wait(lambda: waits(world, bill) == ["shipped"], "the bill waits")
    world.lose_executions()
    runtime.watch.reconcile(lambda: True)
    assert world.wait_for(customer, "ship") == tasks
    world.complete(customer, "ship")
    assert world.ended(customer).instance.status is InstanceStatus.COMPLETED
    assert world.ended(bill).instance.status is InstanceStatus.COMPLETED
    types = [event["type"] for instance in (customer, bill) for event in runtime.events(instance)]
    assert [types.count(kind) for kind in ("message_sent", "message_received", "signal_sent", "signal_received")] == [
        1,
        1,
        1,
        1,
    ]
