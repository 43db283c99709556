"""The life of an execution: start, stop, time limit, history, status changes, restart."""

import json
import threading
import time

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local.step_functions import Integrations, StepFunctions, StepFunctionsError
from infra.local.step_functions.in_process import Handlers, connect
from tests.execution.conformance.conftest import Rig
from tests.execution.conformance.machines import ask, chain, fail, give, machine, parallel

FOREVER = {"Type": "Wait", "Seconds": 1_000_000}


def refused(rig: Rig, action: str, **body: object) -> str:
    with pytest.raises(StepFunctionsError) as refusal:
        rig.states.request(action, body)
    return refusal.value.code


def test_the_same_start_is_the_same_execution_while_it_runs(rig: Rig) -> None:
    definition = machine(W=FOREVER)
    execution = rig.start(definition, {"a": 1})
    assert rig.start(definition, {"a": 1}) == execution
    arn = rig.create(definition)
    assert refused(rig, "StartExecution", stateMachineArn=arn, name="run", input='{"a": 2}') == "ExecutionAlreadyExists"
    rig.states.request("StopExecution", {"executionArn": execution})
    assert refused(rig, "StartExecution", stateMachineArn=arn, name="run", input='{"a": 1}') == "ExecutionAlreadyExists"
    assert [event["status"] for event in rig.events] == ["RUNNING", "ABORTED"]


def test_starts_without_a_name_are_executions_of_their_own(rig: Rig) -> None:
    arn = rig.create(machine(P={"Type": "Pass"}))
    started = {rig.states.request("StartExecution", {"stateMachineArn": arn})["executionArn"] for _ in range(3)}
    assert len(started) == 3


@pytest.mark.parametrize("given", ["{", "", '"' + "x" * 262_144 + '"'])
def test_an_input_must_be_json_of_at_most_256_kib(rig: Rig, given: str) -> None:
    arn = rig.create(machine(P={"Type": "Pass"}))
    if given:
        assert refused(rig, "StartExecution", stateMachineArn=arn, input=given) == "InvalidExecutionInput"


@pytest.mark.parametrize("name", ["a b", "a:b", "a" * 81, "a*"])
def test_names_that_are_refused(rig: Rig, name: str) -> None:
    arn = rig.create(machine(P={"Type": "Pass"}))
    assert refused(rig, "StartExecution", stateMachineArn=arn, name=name) == "InvalidName"


def test_stop_ends_waits_and_branches_and_kills_tokens(rig: Rig) -> None:
    execution = rig.start(machine(P=parallel(chain(T=ask()), chain(W=FOREVER))))
    token = rig.token()
    stopped = {"executionArn": execution, "error": "E", "cause": "C"}
    rig.states.request("StopExecution", stopped)
    assert refused(rig, "SendTaskSuccess", taskToken=token, output="1") == "TaskTimedOut"
    described = rig.describe(execution)
    assert (described["status"], described["error"], described["cause"]) == ("ABORTED", "E", "C")
    again = rig.states.request("StopExecution", {"executionArn": execution, "cause": "again"})
    assert again["stopDate"] == described["stopDate"]
    assert rig.describe(execution)["cause"] == "C"
    assert [event["status"] for event in rig.events] == ["RUNNING", "ABORTED"]


def test_a_machine_runs_out_of_time(rig: Rig) -> None:
    ended = rig.run(machine(timeout=2, P=parallel(chain(T=ask()), chain(W=FOREVER))))
    assert (ended["status"], ended["error"]) == ("TIMED_OUT", "States.Timeout")
    assert refused(rig, "SendTaskSuccess", taskToken=rig.token(), output="1") == "TaskTimedOut"


def test_every_status_is_reported_as_aws_documents_it(rig: Rig) -> None:
    rig.run(machine(P={"Type": "Pass"}), {"a": 1})
    running, succeeded = rig.events
    assert running["status"] == "RUNNING"
    assert running["stopDate"] is None
    assert succeeded["status"] == "SUCCEEDED"
    assert (succeeded["input"], succeeded["output"]) == ('{"a": 1}', '{"a":1}')
    assert succeeded["inputDetails"] == succeeded["outputDetails"] == {"included": True}
    assert succeeded["name"] == "run"
    assert succeeded["executionArn"].endswith(":execution:machine:run")
    assert succeeded["stateMachineArn"].endswith(":stateMachine:machine")
    assert abs(succeeded["stopDate"] / 1000 - time.time()) < 60


def test_a_failure_is_reported_with_its_error(rig: Rig) -> None:
    rig.run(machine(F=fail("E", "C")))
    assert [(event["status"], event["error"], event["cause"]) for event in rig.events][1] == ("FAILED", "E", "C")


def test_history_tells_the_states_in_order(rig: Rig) -> None:
    execution = rig.run(machine(A=give(1), B=parallel(chain(C=give(2)))))["executionArn"]
    events = rig.states.request("GetExecutionHistory", {"executionArn": execution})["events"]
    assert [event["type"] for event in events] == [
        "ExecutionStarted", "PassStateEntered", "PassStateExited", "ParallelStateEntered", "ParallelStateStarted",
        "PassStateEntered", "PassStateExited", "ParallelStateSucceeded", "ParallelStateExited", "ExecutionSucceeded",
    ]  # fmt: skip
    assert [event["id"] for event in events] == list(range(1, 11))
    entered = events[1]["stateEnteredEventDetails"]
    assert entered["name"] == "A"
    page = rig.states.request("GetExecutionHistory", {"executionArn": execution, "reverseOrder": True, "maxResults": 1})
    assert page["events"][0]["type"] == "ExecutionSucceeded"
    assert page["nextToken"]


def test_an_endless_loop_ends_at_the_limit_of_the_history(rig: Rig) -> None:
    execution = rig.start(machine(A={"Type": "Pass", "Next": "B"}, B={"Type": "Pass", "Next": "A"}))
    assert rig.ended(execution, seconds=30)["error"] == "States.Runtime"


def test_a_loop_does_not_starve_others(rig: Rig) -> None:
    rig.create(machine(A={"Type": "Pass", "Next": "B"}, B={"Type": "Pass", "Next": "A"}), "loop")
    rig.states.request("StartExecution", {"stateMachineArn": rig.states.machines._place.machine("loop")})
    assert rig.run(machine(P={"Type": "Pass"}))["status"] == "SUCCEEDED"


def test_lists_are_paged_and_filtered(rig: Rig) -> None:
    arn = rig.create(machine(P={"Type": "Pass"}))
    for n in range(5):
        rig.states.request("StartExecution", {"stateMachineArn": arn, "name": f"e{n}"})
    listed = {"stateMachineArn": arn, "statusFilter": "SUCCEEDED"}
    rig.until(lambda: len(rig.states.request("ListExecutions", listed)["executions"]) == 5)
    first = rig.states.request("ListExecutions", {**listed, "maxResults": 3})
    rest = rig.states.request("ListExecutions", {**listed, "maxResults": 3, "nextToken": first["nextToken"]})
    assert [found["name"] for found in first["executions"] + rest["executions"]] == ["e4", "e3", "e2", "e1", "e0"]
    assert "nextToken" not in rest


def test_running_executions_keep_the_definition_they_started_with(rig: Rig) -> None:
    arn = rig.create(machine(T=ask(), P=give("old")))
    execution = rig.start(machine(T=ask(), P=give("old")))
    rig.token()
    rig.states.request("UpdateStateMachine", {"stateMachineArn": arn, "definition": machine(P=give("new"))})
    rig.answer(rig.token())
    assert json.loads(rig.ended(execution)["output"]) == "old"
    started = rig.states.request("StartExecution", {"stateMachineArn": arn})
    assert json.loads(rig.ended(started["executionArn"])["output"]) == "new"


def test_what_is_stored_comes_back_and_what_ran_is_aborted(rig: Rig) -> None:
    waiting, token = rig.start(machine(T=ask())), rig.token()
    machines = list(rig.states.changed_machines().values())
    executions = rig.states.changed_executions()
    stored = json.loads(json.dumps([machines, executions]))
    with StepFunctions(Integrations(Handlers({}))) as second:
        second.restore(*stored)
        described = second.request("DescribeExecution", {"executionArn": waiting})
        assert described["status"] == "ABORTED"
        with pytest.raises(StepFunctionsError, match="TaskTimedOut"):
            second.request("SendTaskSuccess", {"taskToken": token, "output": "1"})
        arn = machines[0]["arn"]
        assert second.request("DescribeStateMachine", {"stateMachineArn": arn})["definition"] == machine(T=ask())
        with pytest.raises(StepFunctionsError, match="ExecutionAlreadyExists"):
            second.request("StartExecution", {"stateMachineArn": arn, "name": "run", "input": "null"})


def test_a_boto3_client_speaks_to_it_without_a_network(rig: Rig) -> None:
    client = connect(
        boto3.client("stepfunctions", "us-east-1", aws_access_key_id="x", aws_secret_access_key="x"), rig.states
    )
    arn = client.create_state_machine(name="m", definition=machine(P={"Type": "Pass"}), roleArn="arn:aws:iam::1:role/r")
    started = client.start_execution(stateMachineArn=arn["stateMachineArn"], input='{"a": 1}')
    rig.ended(started["executionArn"])
    described = client.describe_execution(executionArn=started["executionArn"])
    assert (described["status"], described["output"]) == ("SUCCEEDED", '{"a":1}')
    assert described["startDate"] <= described["stopDate"]
    with pytest.raises(client.exceptions.ExecutionDoesNotExist):
        client.describe_execution(executionArn=started["executionArn"] + "x")
    with pytest.raises(ClientError, match="InvalidToken"):
        client.send_task_success(taskToken="x", output="1")


def test_waiting_executions_need_no_threads(rig: Rig) -> None:
    arn = rig.create(machine(P=parallel(chain(T=ask()), chain(W=FOREVER))))
    for _ in range(300):
        rig.states.request("StartExecution", {"stateMachineArn": arn})
    rig.token(299)
    rig.until(lambda: threading.active_count() < 140)


def test_nothing_runs_on_after_the_end(rig: Rig) -> None:
    with StepFunctions(Integrations(Handlers({}))) as states:
        arn = states.request("CreateStateMachine", {"name": "m", "definition": machine(W=FOREVER)})["stateMachineArn"]
        states.request("StartExecution", {"stateMachineArn": arn})
    assert not any(thread.name == "states" and thread is states._thread for thread in threading.enumerate())
