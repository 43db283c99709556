"""The main job through the handlers, in the order of a user's day."""

from tests.api.edge import Edge
from tests.api.service import TWO_TASKS, Service


def test_from_a_model_to_a_completed_task(service: Service, ada: Edge) -> None:
    body = {"name": "Order", "version": "1.0.0", "bpmn_content": TWO_TASKS, "bpmn_format": "xml"}
    created = ada.call("POST", "/workflow-definitions", body)
    assert created.status == 201
    definition = created.body["id"]
    assert created.headers["Location"] == f"/workflow-definitions/{definition}"
    result = ada.ok("POST", f"/workflow-definitions/{definition}/validate", {})["validation_result"]
    assert result["is_valid"]
    assert result["estimate"] == {
        "state_transitions": {"fewest": 4, "most": 4},
        "usd_per_1000_instances": {"fewest": 0.1, "most": 0.1},
        "usd_per_million_transitions": 25,
    }
    published = ada.ok("POST", f"/workflow-definitions/{definition}/publish")
    assert published["status"] == "published"
    assert published["published_version"] == "1.0.0"
    instance = ada.ok("POST", "/workflow-instances", {"workflow_definition_id": definition})["id"]
    assert ada.ok("POST", f"/workflow-instances/{instance}/start", {})["status"] == "running"
    task = service.arrive(instance, amount=5)
    assert ada.ok("GET", f"/tasks/{task}")["input_data"] == {"amount": 5}
    assert ada.ok("POST", f"/tasks/{task}/start")["status"] == "running"
    done = ada.ok("POST", f"/tasks/{task}/complete", {"result_data": {"approved": True}})
    assert done["status"] == "completed"
    assert ada.ok("GET", f"/tasks/{task}")["result_data"] == {"approved": True}
    status = ada.ok("GET", f"/workflow-instances/{instance}/status")
    assert status["progress"]["completed_tasks"] == 1
    assert status["progress"]["progress_percentage"] == 50.0
