"""Every machine that the compiler makes of the examples and of the real files passes two independent validators."""

import json
import subprocess
from pathlib import Path

import pytest

from infra.node import bin_directory
from orchestrator.compiler.pipeline import compile_process
from tests.compiler.golden.examples import EXAMPLES

ROOT = Path(__file__).resolve().parents[3]
NODE = ROOT / "tests" / "node"
CORPUS = ROOT.parent / "shared" / "bpmn"


def _files() -> dict[str, Path]:
    examples = {path.parent.name: path for path in EXAMPLES.glob("*/process.bpmn")}
    real = [*CORPUS.glob("files/*.bpmn"), *CORPUS.glob("traces/*.bpmn")]
    return examples | {path.name: path for path in real}


@pytest.mark.skipif(not (NODE / "node_modules").exists(), reason="`npm ci` has not run in tests/node")
def test_two_validators_find_nothing() -> None:
    machines = {name: compile_process(path.read_bytes()).machine for name, path in sorted(_files().items())}
    compiled = {name: machine for name, machine in machines.items() if machine is not None}
    assert compiled
    command = [str(bin_directory() / "node"), str(NODE / "validate-asl.mjs")]
    answer = subprocess.run(
        command, input=json.dumps(compiled), capture_output=True, text=True, check=True, timeout=300
    )
    complaints = {name: found for name, found in json.loads(answer.stdout).items() if found}
    assert complaints == {}
