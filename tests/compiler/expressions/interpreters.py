"""The independent interpreters: jsonata-python in this process, jsonata 2.0.6 and feelin in one node process."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonata import Jsonata

from infra.node import bin_directory

_NODE = Path(__file__).parents[2] / "node"

needs_node = pytest.mark.skipif(
    not (_NODE / "node_modules" / "feelin").exists(), reason="tests/node is not installed: run make test once"
)


def run_python(text: str, data: dict[str, Any]) -> Any:
    """Evaluate JSONata with jsonata-python; undefined comes out as None, like null."""
    return _plain(Jsonata(text).evaluate(data))


def run_node(questions: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Ask the node process a batch of {id, language, text, data}."""
    command = [str(bin_directory() / "node"), "evaluate-expressions.mjs"]
    done = subprocess.run(
        command, cwd=_NODE, input=json.dumps(questions), capture_output=True, text=True, check=True, timeout=300
    )
    return json.loads(done.stdout)


def alike(left: Any, right: Any) -> bool:
    """Equal as JSON; numbers to twelve digits, since the interpreters' arithmetic differs in the last ones."""
    if isinstance(left, bool) or isinstance(right, bool) or left is None or right is None:
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left == right or abs(left - right) <= 1e-12 * max(abs(left), abs(right))
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(alike, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(alike(left[key], right[key]) for key in left)
    return type(left) is type(right) and left == right


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    return None if value is not None and not isinstance(value, str | int | float | bool) else value
