"""The examples and their machines."""

import json
from pathlib import Path

from orchestrator.compiler.pipeline import compile_process

EXAMPLES = Path(__file__).resolve().parents[3] / "state_machines" / "examples"
MACHINE = "machine.asl.json"


def names() -> list[str]:
    return sorted(path.parent.name for path in EXAMPLES.glob("*/process.bpmn"))


def compiled(name: str) -> str:
    """Return the machine of an example as it is stored: indented, so that changes can be read."""
    compilation = compile_process((EXAMPLES / name / "process.bpmn").read_bytes())
    assert compilation.machine is not None, compilation.diagnostics
    return json.dumps(compilation.machine, indent=2, ensure_ascii=False) + "\n"
