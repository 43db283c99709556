"""The client programs of the spec, as they are printed there, against a running stack."""

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
pytestmark = [
    pytest.mark.stack,
    pytest.mark.xdist_group("stack"),
    pytest.mark.skipif(not SPEC.exists(), reason="the spec is not beside the checkout"),
]
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


def test_the_python_program(stack: Stack, api: Api, tmp_path: Path) -> None:
    file = tmp_path / "client.py"
    file.write_text(program("python", stack, api) + "\nprint(client.get_workflow_status(instance['id'])['id'])\n")
    started, instance = run(sys.executable, str(file)).splitlines()
    assert re.fullmatch(r"Workflow started: (running|completed)", started)
    assert api.ok("GET", f"/workflow-instances/{instance}")["priority"] == "high"


@pytest.mark.skipif(not (MODULES / "axios").exists(), reason="the Node tools of the tests are not installed")
def test_the_node_program(stack: Stack, api: Api, tmp_path: Path) -> None:
    file = tmp_path / "client.js"
    file.write_text(program("javascript", stack, api))
    told = run(str(bin_directory() / "node"), str(file), NODE_PATH=str(MODULES)).splitlines()
    assert re.fullmatch(r"Created instance: \S+", told[0])
    assert re.fullmatch(r"Workflow started: (running|completed)", told[1])
    assert told[-2:] == ["Status: completed, Progress: 100%", "Workflow completed successfully!"]
