"""Batches on the running stack: who waits is admitted by the worker, woken through the bus when somebody ends."""

from collections import Counter

import pytest

from tests.e2e.api import Api, Json
from tests.e2e.stack import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]
ONE_TASK = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="test">
  <process id="p" name="One task" isExecutable="true">
    <startEvent id="s"/><userTask id="review" name="Review"/><endEvent id="e"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="review"/><sequenceFlow id="f2" sourceRef="review" targetRef="e"/>
  </process>
</definitions>"""


@pytest.fixture(scope="module")
def definition(api: Api) -> str:
    return api.publish(ONE_TASK, name="One task")


def batch(api: Api, definition: str, number: int, **options: object) -> Json:
    workflows = [{"workflow_definition_id": definition, "instance_name": f"n{n}"} for n in range(number)]
    return api.ok("POST", "/execution/batch-start", body={"workflows": workflows, "execution_options": options})


def listed(api: Api, batch_id: str) -> dict[str, Json]:
    """The instances of a batch by name."""
    page = api.ok("GET", "/workflow-instances", batch_id=batch_id, limit="200")
    return {instance["instance_name"]: instance for instance in page["workflow_instances"]}


def finish(api: Api, instance_id: str) -> None:
    (task,) = api.wait_for_tasks(instance_id, "review").values()
    api.complete(task["id"])


def test_a_batch_runs_so_many_at_a_time_until_all_are_done(api: Api, definition: str) -> None:
    started = batch(api, definition, 6, max_concurrent=2, priority="high")
    assert [workflow["status"] for workflow in started["started_workflows"]] == ["running"] * 2 + ["queued"] * 4
    waiting = [workflow["instance_id"] for workflow in started["started_workflows"][2:]]
    details = api.ok("GET", "/execution/queue-status", include_details="true")["queue_details"]
    assert [place["workflow_instance_id"] for place in details if place["batch_id"] == started["batch_id"]] == waiting
    ended = 0
    while ended < 6:
        instances = listed(api, started["batch_id"])
        counts = Counter(instance["status"] for instance in instances.values())
        assert counts["running"] <= 2
        running = [instance["id"] for instance in instances.values() if instance["status"] == "running"]
        wait_until(lambda found=running: found or _running(api, started["batch_id"]), seconds=30, what="an admission")
        for instance in running:
            finish(api, instance)
            ended += 1
    path = f"/execution/batches/{started['batch_id']}"
    standing = wait_until(
        lambda: (found := api.ok("GET", path))["status"] == "ended" and found, seconds=30, what="the end of the batch"
    )
    assert standing["execution_summary"]["by_status"]["completed"] == 6
    history = api.ok("GET", f"/workflow-instances/{waiting[-1]}/history")["history"]
    assert [entry["event_type"] for entry in history][:3] == ["workflow_created", "workflow_queued", "workflow_started"]


def _running(api: Api, batch_id: str) -> bool:
    return any(instance["status"] == "running" for instance in listed(api, batch_id).values())


def test_priorities_reorder_what_waits_and_a_batch_can_be_cancelled(api: Api, definition: str) -> None:
    first = batch(api, definition, 3, max_concurrent=1, priority="low")
    last = first["started_workflows"][2]["instance_id"]
    changed = api.ok("POST", "/execution/priority", body={"workflow_instance_ids": [last], "priority": "critical"})
    assert changed["updated_workflows"][0]["previous_priority"] == "low"
    finish(api, first["started_workflows"][0]["instance_id"])
    wait_until(lambda: api.status(last)["status"] == "running", seconds=30, what="the admission of the critical one")
    assert api.status(first["started_workflows"][1]["instance_id"])["status"] == "queued"
    cancelled = api.ok("POST", "/execution/batch-cancel", body={"batch_id": first["batch_id"], "reason": "over"})
    assert {row["previous_status"] for row in cancelled["cancelled_workflows"]} == {"queued", "running"}
    assert Counter(i["status"] for i in listed(api, first["batch_id"]).values()) == {"completed": 1, "cancelled": 2}
