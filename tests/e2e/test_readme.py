"""The README's commands, run as they are written: a shell beside a running stack."""

import json
import re
import subprocess
from typing import Any

import pytest

from tests.e2e.api import Api
from tests.e2e.stack import ROOT, Stack

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]
SERVED = "http://localhost:3017"


def commands() -> str:
    """The block of the quick start that follows `make run`."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    return next(block for block in blocks if SERVED in block)


def test_the_quick_start_leads_to_two_tasks_side_by_side(stack: Stack, api: Api) -> None:
    script = "set -eu\n" + commands().replace(SERVED, stack.url)
    run = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=stack.environment, capture_output=True, text=True, check=True, timeout=120
    )
    *_, last = [line for line in run.stdout.splitlines() if line]
    status: dict[str, Any] = json.loads(last)
    assert status["status"] == "running"
    found = api.wait_for_tasks(status["id"], "charge", "pack")
    assert {task["name"] for task in found.values()} == {"Charge card", "Pack goods"}
