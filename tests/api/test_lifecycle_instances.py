"""Pause, resume, cancel and terminate through the API."""

import pytest

from tests.api.edge import Edge
from tests.api.service import Service

ACTIONS = ("pause", "resume", "cancel", "terminate")


def test_an_instance_is_paused_resumed_and_cancelled(service: Service, ada: Edge) -> None:
    instance = service.started()
    url = f"/workflow-instances/{instance}"
    paused = ada.ok("POST", f"{url}/pause", {"reason": "audit"})
    assert (paused["previous_status"], paused["status"], paused["reason"]) == ("running", "paused", "audit")
    assert paused["paused_at"] is not None
    task = service.arrive(instance)
    assert ada.ok("GET", f"/tasks/{task}/status")["held"]
    refused = ada.call("POST", f"/tasks/{task}/start")
    assert (refused.status, refused.error["details"]["current_status"]) == (409, "pending")
    resumed = ada.ok("POST", f"{url}/resume")
    assert (resumed["status"], resumed["paused_at"], resumed["affected_tasks"]) == ("running", None, 1)
    ada.ok("POST", f"/tasks/{task}/start")
    cancelled = ada.ok("POST", f"{url}/cancel", {"reason": "obsolete"})
    assert (cancelled["status"], cancelled["affected_tasks"]) == ("cancelled", 1)
    assert ada.ok("GET", f"/tasks/{task}")["status"] == "cancelled"
    late = ada.call("POST", f"/tasks/{task}/complete", {})
    assert (late.status, late.error["details"]["current_status"]) == (409, "cancelled")
    again = ada.call("POST", f"{url}/cancel")
    assert (again.status, again.error["details"]) == (409, {"current_status": "cancelled", "instance_id": instance})
    told = [entry["event_type"] for entry in ada.ok("GET", f"{url}/history")["history"]]
    assert [kind for kind in told if kind in {"workflow_paused", "workflow_resumed", "workflow_cancelled"}] == [
        "workflow_paused", "workflow_resumed", "workflow_cancelled",
    ]  # fmt: skip


def test_a_terminated_instance_lets_its_definition_go(service: Service, ada: Edge) -> None:
    definition = service.published()
    instance = service.started(definition)
    assert ada.call("DELETE", f"/workflow-definitions/{definition}").status == 409
    assert ada.ok("POST", f"/workflow-instances/{instance}/terminate")["status"] == "terminated"
    assert ada.call("DELETE", f"/workflow-definitions/{definition}").status == 204


@pytest.mark.parametrize("action", ACTIONS)
def test_bad_bodies_unknown_ids_and_other_projects(service: Service, ada: Edge, action: str) -> None:
    instance = service.started(execution_context={"project_id": "p1"})
    url = f"/workflow-instances/{instance}/{action}"
    before = service.snapshot()
    for body, field in (({"reason": ""}, "reason"), ({"reason": 1}, "reason"), ({"why": "x"}, "why")):
        answer = ada.call("POST", url, body)
        assert (answer.status, answer.field) == (400, field)
    assert Edge(projects="p2").call("POST", url).status == 404
    missing = ada.call("POST", f"/workflow-instances/none/{action}")
    assert missing.error["details"] == {"resource_type": "workflow_instance", "resource_id": "none"}
    assert service.snapshot() == before
