"""The stack is stopped, or killed, while instances wait; after a restart each goes on and no work is repeated."""

import os
import signal
import time

import pytest

from tests.e2e.api import Api
from tests.e2e.corpus import model
from tests.e2e.stack import Stack, wait_until

pytestmark = [pytest.mark.stack, pytest.mark.corpus, pytest.mark.xdist_group("restart")]

VALIDATE = "sid-7364EF42-EDFB-449D-BEE0-DCED5EF90B32"
A, B = "sid-120623D4-C434-4508-821A-C78DD9E28D05", "sid-BCC5F3F2-27D9-4E5B-B64B-5E445053294B"
#: what is older than this survives a SIGKILL
PROMISED_SECONDS = 2
SET = "sid-1F074FA9-5A37-4991-802C-2228F4470EB4"
FLOWABLE_RESULTS = {VALIDATE: {"inputValid": True}, "sid-5DB5D642-53B1-4225-BBB9-D5B20BA82386": {"goUp": False}}


def waiting_instances(api: Api) -> dict[str, list[str]]:
    """Instances that wait outside and inside parallel sections; by id, the task ids done so far."""
    definition = api.publish(model("s104"), name="benchmark")
    outside = api.start(definition)
    api.wait_for_tasks(outside, VALIDATE)
    inside = api.start(definition)
    done = [api.wait_for_tasks(inside, VALIDATE)[VALIDATE]["id"]]
    api.complete(done[0], {"inputValid": True, "seen": "before"})
    parallel = api.wait_for_tasks(inside, SET, A, B)
    api.complete(parallel[SET]["id"], {"x": 1})
    done.append(parallel[SET]["id"])
    api.wait_for_tasks(inside, A, B)
    return {outside: [], inside: done}


def finish(api: Api, instances: dict[str, list[str]]) -> None:
    for instance, done in instances.items():
        before = {task_id: api.ok("GET", f"/tasks/{task_id}") for task_id in done}
        ended, performed = api.drive(instance, lambda task: FLOWABLE_RESULTS.get(task["element_id"], {}))
        assert ended["status"] == "completed", ended
        assert len(performed) == len(set(performed)), "an element was performed twice"
        assert len(performed) + len(done) == 9, "work was lost or repeated"
        for task_id, task in before.items():
            assert api.ok("GET", f"/tasks/{task_id}") == task


def test_a_stop_loses_nothing(own_stack: Stack) -> None:
    api = Api(own_stack.url, own_stack.token())
    instances = waiting_instances(api)
    assert own_stack.stop() == 0
    own_stack.start()
    finish(Api(own_stack.url, own_stack.token()), instances)


def test_pulling_the_plug_loses_at_most_two_seconds(own_stack: Stack) -> None:
    api = Api(own_stack.url, own_stack.token())
    instances = waiting_instances(api)
    acted = time.monotonic()
    wait_until(lambda: time.monotonic() - acted >= PROMISED_SECONDS, seconds=5, what="the promised time to save")
    own_stack.kill()
    own_stack.start()
    finish(Api(own_stack.url, own_stack.token()), instances)


def test_ctrl_c_stops_it_cleanly(own_stack: Stack) -> None:
    assert own_stack.process is not None
    os.kill(own_stack.process.pid, signal.SIGINT)
    assert own_stack.process.wait(timeout=60) == 0
    own_stack.process = None
