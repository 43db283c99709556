"""Task tokens: answered once, dead afterwards; timeouts and heartbeats."""

import json
import time

import pytest

from infra.local.step_functions import StepFunctionsError
from tests.execution.conformance.conftest import Rig
from tests.execution.conformance.machines import ask, call, catch, chain, fail, give, machine, parallel

CAUGHT = {"Caught": give("{% $states.input %}")}
NEVER = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def refused(rig: Rig, action: str, **body: object) -> str:
    with pytest.raises(StepFunctionsError) as refusal:
        rig.states.request(action, body)
    return refusal.value.code


def test_the_answer_is_the_result(rig: Rig) -> None:
    execution = rig.start(machine(T=ask(Output="{% $states.result.v %}")))
    rig.answer(rig.token(), {"v": [1]})
    assert json.loads(rig.ended(execution)["output"]) == [1]


def test_a_token_is_answered_once(rig: Rig) -> None:
    execution = rig.start(machine(T=ask(), W={"Type": "Wait", "Seconds": 100_000}))
    rig.answer(rig.token())
    assert refused(rig, "SendTaskSuccess", taskToken=rig.token(), output="1") == "TaskTimedOut"
    assert refused(rig, "SendTaskFailure", taskToken=rig.token()) == "TaskTimedOut"
    assert refused(rig, "SendTaskHeartbeat", taskToken=rig.token()) == "TaskTimedOut"
    assert rig.describe(execution)["status"] == "RUNNING"


@pytest.mark.parametrize("token", ["garbage", NEVER, "", "ä"])
def test_a_token_that_was_never_issued(rig: Rig, token: str) -> None:
    assert refused(rig, "SendTaskSuccess", taskToken=token, output="1") == "InvalidToken"


def test_an_answer_must_be_json_and_the_token_lives_on(rig: Rig) -> None:
    execution = rig.start(machine(T=ask()))
    assert refused(rig, "SendTaskSuccess", taskToken=rig.token(), output="{") == "InvalidOutput"
    big = json.dumps("x" * 262_144)
    assert refused(rig, "SendTaskSuccess", taskToken=rig.token(), output=big) == "ValidationException"
    rig.answer(rig.token(), 1)
    assert rig.ended(execution)["status"] == "SUCCEEDED"


def test_a_failure_is_caught_by_its_name_with_its_cause(rig: Rig) -> None:
    execution = rig.start(machine(T=ask(Catch=catch("catch.e1", then="Caught")), **CAUGHT))
    rig.states.request("SendTaskFailure", {"taskToken": rig.token(), "error": "catch.e1", "cause": '{"a": 1}'})
    assert json.loads(rig.ended(execution)["output"]) == {"Error": "catch.e1", "Cause": '{"a": 1}'}


def test_a_function_may_answer_its_own_token(rig: Rig) -> None:
    def hasty(event: dict, _: object) -> None:
        rig.answer(event["token"], "early")

    rig.functions.handlers["hasty"] = hasty
    assert json.loads(rig.run(machine(T=ask("hasty")))["output"]) == "early"


def test_a_function_that_fails_fails_the_task(rig: Rig) -> None:
    assert rig.run(machine(T=ask("too_high")))["error"] == "TooHighError"


def test_a_failure_after_the_answer_is_too_late(rig: Rig) -> None:
    def answers_then_fails(event: dict, _: object) -> None:
        rig.answer(event["token"], "done")
        raise OSError("afterwards")

    rig.functions.handlers["odd"] = answers_then_fails
    assert json.loads(rig.run(machine(T=ask("odd"), P={"Type": "Pass"}))["output"]) == "done"


def test_time_runs_out(rig: Rig) -> None:
    late = ask(TimeoutSeconds="{% $states.input.left %}", Catch=catch("States.Timeout", then="Caught"))
    execution = rig.start(machine(T=late, **CAUGHT), {"left": 3})
    assert json.loads(rig.ended(execution)["output"])["Error"] == "States.Timeout"
    assert refused(rig, "SendTaskSuccess", taskToken=rig.token(), output="1") == "TaskTimedOut"


@pytest.mark.parametrize("seconds", [0, -1, 1.5, "x", True])
def test_a_timeout_must_be_a_positive_integer(rig: Rig, seconds: object) -> None:
    ended = rig.run(machine(T=ask(TimeoutSeconds="{% $states.input %}")), seconds)
    assert ended["error"] == "States.QueryEvaluationError"


def test_states_all_catches_a_timeout_and_task_failed_does_not(rig: Rig) -> None:
    for name, caught in (("States.ALL", True), ("States.TaskFailed", False)):
        rig.functions.handlers["quiet"] = lambda *_: None
        arn = rig.create(machine(T=ask("quiet", TimeoutSeconds=1, Catch=catch(name, then="Caught")), **CAUGHT), name)
        started = rig.states.request("StartExecution", {"stateMachineArn": arn})
        assert (rig.ended(started["executionArn"])["status"] == "SUCCEEDED") is caught


def test_heartbeats_keep_a_task_alive(rig: Rig) -> None:
    beating = ask(HeartbeatSeconds=20, Catch=catch("States.HeartbeatTimeout", then="Caught"))
    execution = rig.start(machine(T=beating, **CAUGHT))
    token = rig.token()
    until = time.monotonic() + 0.6
    while time.monotonic() < until:
        rig.states.request("SendTaskHeartbeat", {"taskToken": token})
    assert rig.describe(execution)["status"] == "RUNNING"
    assert json.loads(rig.ended(execution)["output"])["Error"] == "States.HeartbeatTimeout"


def test_a_heartbeat_that_fails_is_a_timeout_too(rig: Rig) -> None:
    beating = ask(HeartbeatSeconds=1, Catch=catch("States.Timeout", then="Caught"))
    assert rig.run(machine(T=beating, **CAUGHT))["status"] == "SUCCEEDED"


def test_a_failing_branch_kills_the_tokens_of_the_others(rig: Rig) -> None:
    failing = chain(A=ask(payload={"who": "a"}), F=fail("boom"))
    waiting = chain(B=ask(payload={"who": "b"}))
    after = {"Type": "Wait", "Seconds": 100_000}
    rig.start(machine(P=parallel(failing, waiting, Catch=catch("boom", then="W")), W=after))
    rig.token(1)
    tokens = {asked["who"]: asked["token"] for asked in rig.asked}
    rig.answer(tokens["a"])
    rig.until(lambda: refused_quietly(rig, tokens["b"]) == "TaskTimedOut")


def refused_quietly(rig: Rig, token: str) -> str | None:
    try:
        rig.states.request("SendTaskHeartbeat", {"taskToken": token})
    except StepFunctionsError as refusal:
        return refusal.code
    return None


def test_a_token_of_a_retried_task_is_a_new_one(rig: Rig) -> None:
    again = [{"ErrorEquals": ["again"], "IntervalSeconds": 1}]
    execution = rig.start(machine(T=ask(Retry=again, Output="{% $states.context.State.RetryCount %}")))
    rig.states.request("SendTaskFailure", {"taskToken": rig.token(), "error": "again"})
    assert rig.token(1) != rig.token(0)
    rig.answer(rig.token(1))
    assert json.loads(rig.ended(execution)["output"]) == 1


def test_ten_branches_wait_for_ten_tokens(rig: Rig) -> None:
    branches = [chain(**{f"T{n}": ask(payload={"n": n})}) for n in range(10)]
    execution = rig.start(machine(P=parallel(*branches)))
    rig.token(9)
    for asked in reversed(rig.asked):
        rig.answer(asked["token"], asked["n"])
    assert json.loads(rig.ended(execution)["output"]) == list(range(10))


def test_time_can_be_moved_forward(rig: Rig) -> None:
    patient = ask(TimeoutSeconds=86_400 * 30, Catch=catch("States.Timeout", then="Caught"))
    execution = rig.start(machine(T=patient, **CAUGHT))
    rig.token()
    rig.advance(86_400 * 31)
    assert rig.ended(execution)["status"] == "SUCCEEDED"


def test_a_task_with_no_arguments_gets_the_input(rig: Rig) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:echo"}
    assert json.loads(rig.run(machine(T=task), {"a": 1})["output"]) == {"a": 1}
    assert call("echo")["Resource"] != task["Resource"]
