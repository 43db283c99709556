"""One running stack for the tests of a session; tests that stop or kill it start their own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.api import Api
from tests.e2e.stack import Stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Timers run at a hundredth of their length."""
    state = Path(tempfile.mkdtemp(prefix="orchestrator-stack-"))
    running = Stack(state=state, wait_scale="0.01").start()
    yield running
    running.stop()
    shutil.rmtree(state, ignore_errors=True)


@pytest.fixture(scope="session")
def api(stack: Stack) -> Api:
    return Api(url=stack.url, token=stack.token())


@pytest.fixture
def own_stack(tmp_path: Path) -> Iterator[Stack]:
    """A stack for one test, which may stop, kill and restart it."""
    mine = Stack(state=tmp_path / "state")
    yield mine.start()
    if mine.process is not None:
        mine.kill()
