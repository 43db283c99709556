"""The client programs of the spec, as they are printed there, and the Python client, against a running stack."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra.node import bin_directory
from tests.e2e.api import Api
from tests.e2e.stack import ROOT, Stack

SPEC = ROOT.parent / "shared" / "spec" / "task-orchestrator-api.md"
MODULES = ROOT / "tests" / "node" / "node_modules"
pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]
printed = pytest.mark.skipif(not SPEC.exists(), reason="the spec is not beside the checkout")
STRAIGHT = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="test">
  <process id="straight" isExecutable="true">
    <startEvent id="s"/><endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="e"/>
  </process>
</definitions>"""


def program(language: str, stack: Stack, api: Api) -> str:
    """The last program of the language in the spec; what its reader has to fill in is filled in, in its last part."""
    texts = re.findall(rf"^```{language}\n(.*?)^```", SPEC.read_text(), re.DOTALL | re.MULTILINE)
    client, mark, usage = texts[-1].partition("Usage example")
    assert mark
    given = {
        "http://localhost:3017": stack.url,
        "your-jwt-token": api.token,
        "wf-def-001": api.publish(STRAIGHT, name="straight"),
    }
    for name, value in given.items():
        assert name in usage
        usage = usage.replace(name, value)
    return client + mark + usage


def run(*command: str, **environment: str) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@printed
def test_the_python_program(stack: Stack, api: Api, tmp_path: Path) -> None:
    file = tmp_path / "client.py"
    file.write_text(program("python", stack, api) + "\nprint(client.get_workflow_status(instance['id'])['id'])\n")
    started, instance = run(sys.executable, str(file)).splitlines()
    assert re.fullmatch(r"Workflow started: (running|completed)", started)
    assert api.ok("GET", f"/workflow-instances/{instance}")["priority"] == "high"


@printed
@pytest.mark.skipif(not (MODULES / "axios").exists(), reason="the Node tools of the tests are not installed")
def test_the_node_program(stack: Stack, api: Api, tmp_path: Path) -> None:
    file = tmp_path / "client.js"
    file.write_text(program("javascript", stack, api))
    told = run(str(bin_directory() / "node"), str(file), NODE_PATH=str(MODULES)).splitlines()
    assert re.fullmatch(r"Created instance: \S+", told[0])
    assert re.fullmatch(r"Workflow started: (running|completed)", told[1])
    assert told[-2:] == ["Status: completed, Progress: 100%", "Workflow completed successfully!"]


@pytest.fixture(scope="module")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Python of an environment in which nothing but the client's wheel is installed, with what it needs."""
    place = tmp_path_factory.mktemp("client")
    uv = str(Path(sys.executable).with_name("uv"))
    run(uv, "build", "--quiet", "--wheel", str(ROOT / "clients" / "python"), "--out-dir", str(place))
    (wheel,) = place.glob("*.whl")
    run(uv, "venv", "--quiet", "--python", sys.executable, str(place / "venv"))
    python = str(place / "venv" / "bin" / "python")
    run(uv, "pip", "install", "--quiet", "--python", python, str(wheel))
    return python


@printed
def test_the_python_program_with_the_installed_client(stack: Stack, api: Api, tmp_path: Path, interpreter: str) -> None:
    _, mark, usage = program("python", stack, api).partition("# Usage example")
    assert mark
    file = tmp_path / "program.py"
    file.write_text(f"from task_orchestrator_client import TaskOrchestratorClient\n{usage}")
    assert re.fullmatch(r"Workflow started: (running|completed)\n", run(interpreter, str(file)))


WHOLE = """
import sys
from task_orchestrator_client import ApiError, Conflict, InvalidRequest, NotFound, TaskOrchestratorClient, Unauthorized

url, token, definition = sys.argv[1:]
client = TaskOrchestratorClient(url, token)
ids = [client.create_workflow_instance(definition, f"run {n}", {"n": n})["id"] for n in range(3)]
found = [one["id"] for one in client.iterate_instances(workflow_definition_id=definition, limit=2)]
assert found == ids[::-1], found

again = [client.create_instance(workflow_definition_id=definition, idempotency_key="once") for _ in "12"]
assert again[0]["id"] == again[1]["id"]

answer = client.get(f"/workflow-definitions/{definition}")
assert answer.headers["ETag"]
assert client.start_workflow(ids[0])["status"] in {"running", "completed"}
assert client.get_workflow_status(ids[0])["id"] == ids[0]

def refused(kind, call, *arguments, **fields):
    try:
        call(*arguments, **fields)
    except kind as error:
        assert isinstance(error, ApiError)
        assert error.request_id
        return error
    raise AssertionError(f"{kind} was not raised")

assert refused(NotFound, client.get_task, "task/none").code == "RESOURCE_NOT_FOUND"
assert refused(Conflict, client.start_workflow, ids[0]).status == 409
assert refused(InvalidRequest, client.list_tasks, status="lost").field == "status"
refused(Unauthorized, TaskOrchestratorClient(url, "nobody").list_tasks)
print(client.get_health()["status"])
"""


def test_the_installed_client(stack: Stack, api: Api, tmp_path: Path, interpreter: str) -> None:
    file = tmp_path / "whole.py"
    file.write_text(WHOLE)
    definition = api.publish(STRAIGHT, name="straight")
    assert run(interpreter, str(file), stack.url, api.token, definition) == "healthy\n"
