"""A process that calls another, over HTTP."""

import pytest

from tests.contract.test_calls import CHILD, caller
from tests.e2e.api import Api, Json
from tests.e2e.stack import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]


def test_a_called_process_answers_its_caller(api: Api) -> None:
    child = api.publish(CHILD, name="child")
    parent = api.publish(caller(), name="parent")
    instance = api.start(parent, {"amount": 7})
    api.wait_for_tasks(_called(api, child, instance), "work")
    called = _called(api, child, instance)
    shown = api.ok("GET", f"/workflow-instances/{called}")
    assert (shown["parent_instance_id"], shown["input_variables"]) == (instance, {"amount": 7})
    api.complete(api.open_tasks(called)[0]["id"], {"approved": True})
    last = api.wait_for_tasks(instance, "last")
    api.complete(last["last"]["id"])

    def ended() -> Json | None:
        shown = api.ok("GET", f"/workflow-instances/{instance}")
        return shown if shown["status"] == "completed" else None

    outcome = wait_until(ended, seconds=20, what="the end of the caller")
    assert outcome["output_variables"] == {"amount": 7, "approved": True}


def _called(api: Api, definition: str, caller_id: str) -> str:
    def found() -> str | None:
        page = api.ok("GET", "/workflow-instances", workflow_definition_id=definition)
        children = [item for item in page["workflow_instances"] if item["parent_instance_id"] == caller_id]
        return children[0]["id"] if children else None

    return wait_until(found, seconds=20, what="the called instance")
