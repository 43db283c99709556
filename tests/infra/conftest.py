import fcntl
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.infra.assembly import Assembly

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def synthesized(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """Both stages, synthesized once for all test processes."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base
    output = shared / "cdk"
    with (shared / "cdk.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (output / "messages.json").is_file():
            command = [sys.executable, "-m", "tests.infra.synthesize", str(output)]
            run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            assert run.returncode == 0, run.stderr[-4000:]
    return output


@pytest.fixture(scope="session")
def messages(synthesized: Path) -> list[list[str]]:
    return json.loads((synthesized / "messages.json").read_text())


@pytest.fixture(scope="session")
def dev(synthesized: Path) -> Assembly:
    return Assembly("dev", synthesized / "dev")


@pytest.fixture(scope="session")
def prod(synthesized: Path) -> Assembly:
    return Assembly("prod", synthesized / "prod")


@pytest.fixture(scope="session", params=["dev", "prod"])
def stage(request: pytest.FixtureRequest, synthesized: Path) -> Assembly:
    return Assembly(request.param, synthesized / request.param)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In one test process: a second one would only wait for the synthesis."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group("infra"))
