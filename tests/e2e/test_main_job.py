"""A BPMN model drawn by somebody else becomes a state machine and runs behind the API, step by step."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.e2e.api import Api, Json
from tests.e2e.corpus import model
from tests.e2e.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.corpus, pytest.mark.xdist_group("stack")]


@dataclass
class Run:
    """What the performers of a model answer, by element id, and which elements must have been performed."""

    file_id: str
    origin: str
    performed: set[str]
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)


RUNS = {
    "flowable benchmark, straight": Run(
        "s104",
        "Flowable Design",
        performed={
            "sid-7364EF42-EDFB-449D-BEE0-DCED5EF90B32",
            "sid-1F074FA9-5A37-4991-802C-2228F4470EB4",
            "sid-120623D4-C434-4508-821A-C78DD9E28D05",
            "sid-BCC5F3F2-27D9-4E5B-B64B-5E445053294B",
            "sid-D793E9E0-6150-4EAC-8DD9-6FB4B19C1061",
            "sid-27441C1F-718F-4B94-B751-1C1491296C86",
            "sid-DBA349C6-3755-4365-9DAF-FC36C67FF48D",
            "sid-5DB5D642-53B1-4225-BBB9-D5B20BA82386",
            "sid-F662C8AA-BC4B-4E20-B096-BF8D9B89EEF7",
            "sid-390AB3EE-DBA7-4A75-A955-9D201B57AA5A",
        },
        results={
            "sid-7364EF42-EDFB-449D-BEE0-DCED5EF90B32": {"inputValid": True},
            "sid-DBA349C6-3755-4365-9DAF-FC36C67FF48D": {"a": 1},
            "sid-D793E9E0-6150-4EAC-8DD9-6FB4B19C1061": {"b": 2},
            "sid-5DB5D642-53B1-4225-BBB9-D5B20BA82386": {"goUp": True},
        },
        variables={"given": "at the start"},
        outputs={"given": "at the start", "inputValid": True, "a": 1, "b": 2, "goUp": True},
    ),
    "flowable benchmark, invalid input": Run(
        "s104",
        "Flowable Design",
        performed={"sid-7364EF42-EDFB-449D-BEE0-DCED5EF90B32", "sid-26AE8D7A-CE33-4712-8039-F11A9936B345"},
        results={"sid-7364EF42-EDFB-449D-BEE0-DCED5EF90B32": {"inputValid": False}},
        outputs={"inputValid": False},
    ),
    "flowable loan, considered twice": Run(
        "s103",
        "Flowable Design",
        performed={
            "sid-E499C4FD-601A-428B-8A94-53A4702BCA5A",
            "sid-2DE79A5D-66B8-45A1-A2A2-906925F63E90",
            "sid-9C9AE870-0DA8-4D3A-8F71-E93EC9AB70BD",
            "sid-E2AD03B5-E29D-4118-851B-3FEB4A2DF9AD",
            "sid-8197ACA7-AF91-42B2-AD61-38AC56434D4D",
        },
        results={
            "sid-9C9AE870-0DA8-4D3A-8F71-E93EC9AB70BD": {"form_loanreview_outcome": "Consider"},
            "sid-E2AD03B5-E29D-4118-851B-3FEB4A2DF9AD": {"form_advreview_outcome": "Reject"},
        },
        outputs={"initiator": "local", "form_loanreview_outcome": "Consider", "form_advreview_outcome": "Reject"},
    ),
    "camunda 7 job announcement, only twitter": Run(
        "s057",
        "Camunda Modeler, Camunda 7",
        performed={"publish_announcement_website", "publish_announcement_twitter"},
        variables={"twitter": True, "facebook": False},
        results={"publish_announcement_twitter": {"tweet": "posted"}},
        outputs={"twitter": True, "facebook": False, "tweet": "posted"},
    ),
    "camunda 7 platform, nested parallel tasks": Run(
        "s084",
        "Camunda engine tests",
        performed={"task1", "task2"},
        results={"task1": {"x": 1}, "task2": {"y": 2}},
        outputs={"x": 1, "y": 2},
    ),
    "camunda 8 inclusive gateway, both flows": Run(
        "s111",
        "Camunda Modeler, Camunda 8",
        performed={"task-a", "task-b"},
        variables={"price": 3},
        outputs={"price": 3},
    ),
    "camunda 8 inclusive gateway, one flow": Run(
        "s111", "Camunda Modeler, Camunda 8", performed={"task-b"}, variables={"price": 0}, outputs={"price": 0}
    ),
    "plain model of another engine's tests": Run("s116", "olive-io", performed=set()),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_real_model_runs_from_creation_to_completion(api: Api, name: str) -> None:
    run = RUNS[name]
    instance = api.start(api.publish(model(run.file_id), name=name), run.variables)

    ended, performed = api.drive(instance, lambda task: run.results.get(task["element_id"], {}))

    assert ended["status"] == "completed"
    assert ended["progress"]["progress_percentage"] == 100
    assert set(performed) == run.performed
    assert len(performed) == len(run.performed), "an element was performed twice"
    got: Json = api.ok("GET", f"/workflow-instances/{instance}")
    assert got["output_variables"] == run.outputs
    assert got["completed_at"] is not None


def test_status_shows_progress_after_each_task(api: Api) -> None:
    instance = api.start(api.publish(model("s084")))
    tasks = api.wait_for_tasks(instance, "task1", "task2")
    assert api.status(instance)["progress"] == {
        "total_tasks": 2,
        "completed_tasks": 0,
        "failed_tasks": 0,
        "running_tasks": 0,
        "pending_tasks": 2,
        "progress_percentage": 0,
    }
    api.ok("POST", f"/tasks/{tasks['task1']['id']}/start", body={})
    assert api.status(instance)["progress"]["running_tasks"] == 1
    api.complete(tasks["task1"]["id"])
    assert api.status(instance)["progress"]["progress_percentage"] == 50
    api.wait_for_tasks(instance, "task2")


def test_a_state_machine_exists_for_the_published_version(api: Api, stack: Stack) -> None:
    import boto3

    definition = api.publish(model("s084"))
    client = boto3.client(
        "stepfunctions",
        endpoint_url=f"http://127.0.0.1:{stack.aws_port}",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    names = [
        machine["name"]
        for page in client.get_paginator("list_state_machines").paginate()
        for machine in page["stateMachines"]
    ]
    assert any(definition in name for name in names)


def test_a_timer_boundary_event_takes_over_when_the_sub_process_is_late(api: Api) -> None:
    """Three hours at a scale of 0.01 would still be long; the flowable model's own timer is cut for the test."""
    late = model("s104").replace("PT3H", "PT2M")
    instance = api.start(api.publish(late))
    validate = api.wait_for_tasks(instance, "sid-7364EF42-EDFB-449D-BEE0-DCED5EF90B32")
    api.complete(validate["sid-7364EF42-EDFB-449D-BEE0-DCED5EF90B32"]["id"], {"inputValid": True})
    escalation = "sid-728377F6-9970-498B-A1E1-46BC79B9250C"
    tasks = api.wait_for_tasks(instance, escalation)
    api.complete(tasks[escalation]["id"])
    ended, _ = api.drive(instance, lambda _: {})
    assert ended["status"] == "completed"
    late_task = api.call(
        "POST",
        f"/tasks/{validate['sid-7364EF42-EDFB-449D-BEE0-DCED5EF90B32']['id']}/complete",
        body={"result_data": {}},
    )
    assert late_task.status_code == 409
