"""Work that somebody chooses while an instance runs, over HTTP: ad-hoc activities, escalations, cancelling."""

import pytest

from tests.contract.test_cancellations import BOOKED
from tests.contract.test_conditions import condition
from tests.contract.test_machines import HEAD, TAIL, flow
from tests.contract.test_raised_escalations import HOSTS, process
from tests.e2e.api import Api, Json
from tests.e2e.stack import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

AD_HOC = (
    HEAD + '<startEvent id="s"/><adHocSubProcess id="case"><userTask id="call"/><userTask id="write"/>'
    "<completionCondition>=settled = true</completionCondition></adHocSubProcess>"
    '<userTask id="last"/><endEvent id="e"/>' + flow("s", "case") + flow("case", "last") + flow("last", "e") + TAIL
)  # fmt: skip
WATCHED = (
    HEAD + '<startEvent id="s"/><parallelGateway id="f"/><userTask id="a"/><userTask id="a2"/><userTask id="b"/>'
    + flow("s", "f") + flow("f", "a") + flow("a", "a2") + flow("f", "b")
    + '<boundaryEvent id="met" attachedToRef="b" cancelActivity="false">' + condition("n &gt; 5")
    + '</boundaryEvent><userTask id="h"/>' + flow("met", "h") + TAIL
)  # fmt: skip


def ended(api: Api, instance: str) -> Json:
    def over() -> Json | None:
        shown = api.ok("GET", f"/workflow-instances/{instance}")
        return shown if shown["status"] in {"completed", "cancelled"} else None

    return wait_until(over, seconds=20, what="the end")


def test_a_case_takes_the_activities_that_somebody_begins_until_it_is_settled(api: Api) -> None:
    instance = api.start(api.publish(AD_HOC), {"case": 7})
    path = f"/workflow-instances/{instance}/ad-hoc-activities"

    def opened() -> Json | None:
        found = api.ok("GET", path)["ad_hoc_sub_processes"]
        return found[0] if found else None

    case = wait_until(opened, seconds=20, what="the case")
    assert [(one["element_id"], one["begun"]) for one in case["activities"]] == [("call", 0), ("write", 0)]
    chosen = [{"element_id": "call", "variables": {"who": "ada"}}, {"element_id": "write"}, {"element_id": "call"}]
    begun = api.ok("POST", f"{path}/case/activate", body={"elements": chosen})
    assert [(one["element_id"], one["running"]) for one in begun["activities"]] == [("call", 2), ("write", 1)]
    refused = api.call("POST", f"{path}/case/complete", body={})
    assert (refused.status_code, refused.json()["error"]["details"]["element_id"]) == (409, "case")

    wait_until(lambda: len(api.open_tasks(instance)) == len(chosen), seconds=20, what="the tasks")
    writing = next(task for task in api.open_tasks(instance) if task["element_id"] == "write")
    api.complete(writing["id"], {"settled": True})
    api.complete(api.wait_for_tasks(instance, "last")["last"]["id"])
    assert ended(api, instance)["output_variables"] == {"case": 7, "settled": True}
    told = api.ok("GET", "/events", workflow_instance_id=instance, event_type="ad_hoc_activity_begun")["events"]
    assert len(told) == len(chosen)


def test_an_escalation_begins_work_beside_the_task(api: Api) -> None:
    instance = api.start(api.publish(process(HOSTS["task"], interrupting=False)))
    task = api.wait_for_tasks(instance, "x")["x"]
    answer = api.ok("POST", f"/tasks/{task['id']}/escalate", body={"escalation_code": "LATE", "variables": {"by": 2}})
    assert answer["escalation"] == {"escalation_code": "LATE", "caught_by": "late", "is_interrupting": False}
    both = api.wait_for_tasks(instance, "x", "h")
    assert api.ok("GET", f"/tasks/{both['h']['id']}")["input_data"] == {"by": 2}
    api.complete(both["x"]["id"])
    api.complete(api.wait_for_tasks(instance, "h", "c")["c"]["id"])
    api.complete(both["h"]["id"])
    assert ended(api, instance)["status"] == "completed"


def test_a_condition_that_becomes_true_begins_work_beside_the_task(api: Api) -> None:
    instance = api.start(api.publish(WATCHED))
    tasks = api.wait_for_tasks(instance, "a", "b")
    api.complete(tasks["a"]["id"], {"n": 7})
    open_ = api.wait_for_tasks(instance, "a2", "b", "h")
    for name in ("h", "b", "a2"):
        api.complete(open_[name]["id"])
    assert ended(api, instance)["output_variables"] == {"n": 7}


def test_what_was_done_is_undone_before_a_cancelled_instance_ends(api: Api) -> None:
    instance = api.start(api.publish(BOOKED))
    for name in ("a", "b"):
        api.complete(api.wait_for_tasks(instance, name)[name]["id"], {name: 1})
    api.wait_for_tasks(instance, "c")
    steered = api.ok("POST", f"/workflow-instances/{instance}/cancel", body={"reason": "not wanted"})
    assert (steered["status"], steered["affected_tasks"]) == ("running", 1)
    for name in ("b-undo", "a-undo"):
        task = api.wait_for_tasks(instance, name)[name]
        assert api.ok("GET", f"/tasks/{task['id']}")["input_data"] == {"a": 1, "b": 1}
        assert api.ok("GET", f"/workflow-instances/{instance}")["cancellation"]["reason"] == "not wanted"
        api.complete(task["id"])
    assert ended(api, instance)["status"] == "cancelled"
