"""Lambda functions: isolated, named errors, warm, bounded in time."""

import threading

import pytest

from tests.e2e.stack import wait_until
from tests.local.conftest import Tiny

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("local")]


def test_nothing_of_the_host_reaches_a_function(tiny: Tiny) -> None:
    environment = tiny.invoke(do="environment")
    assert "HOST_SECRET" not in environment
    assert environment["TZ"] == "UTC"
    assert environment["TABLE_NAME"] == "task-orchestrator-dev"
    assert environment["AWS_REGION"] == "us-east-1"
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == "task-orchestrator-dev-probe"
    allowed = {"PATH", "HOME", "LANG", "TZ", "TABLE_NAME", "LAMBDA_TASK_ROOT", "POWERTOOLS_TRACE_DISABLED", "LC_CTYPE"}
    assert {name for name in environment if not name.startswith(("AWS_", "_", "LOCAL_"))} <= allowed


def test_a_function_imports_the_sdk_and_nothing_else_of_this_environment(tiny: Tiny) -> None:
    found = tiny.invoke(do="modules", names=["boto3", "json", "moto", "pytest", "infra", "orchestrator", "pydantic"])
    assert [name for name, there in found.items() if there] == ["boto3", "json"]


def test_an_error_is_named_by_its_exception_and_the_process_lives_on(tiny: Tiny) -> None:
    before = tiny.invoke(do="pid")
    failed = tiny.invoke(do="fail", message="4 > 3")
    assert (failed["errorType"], failed["errorMessage"]) == ("TooHighError", "4 > 3")
    assert tiny.invoke(do="pid") == before


@pytest.mark.parametrize(
    ("event", "error"),
    [
        ({"do": "leave"}, "Runtime.ExitError"),
        ({"do": "unprintable"}, "Runtime.MarshalError"),
        ({"do": "sleep", "seconds": 30}, "Sandbox.Timedout"),
    ],
)
def test_other_ends(tiny: Tiny, event: dict, error: str) -> None:
    assert tiny.invoke(**event)["errorType"] == error
    assert tiny.invoke(do="echo", back=1) == {"do": "echo", "back": 1}


def test_what_a_function_prints_is_log_not_answer(tiny: Tiny) -> None:
    assert tiny.invoke(do="chatter") == "quiet"
    line = "[task-orchestrator-dev-probe] printed by a function"
    wait_until(lambda: line in tiny.log, seconds=30, what="the line")  # logs come beside the answers


def test_many_callers_share_few_processes(tiny: Tiny) -> None:
    pids: list[int] = []
    callers = [threading.Thread(target=lambda: pids.append(tiny.invoke(do="sleep", seconds=0.05))) for _ in range(12)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(pids) == 12
    assert len(set(pids)) <= 8
