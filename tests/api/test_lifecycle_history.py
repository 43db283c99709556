"""GET /workflow-instances/{id}/history."""

from orchestrator.bootstrap import machines as machines_bootstrap
from orchestrator.domain.ids import InstanceId
from orchestrator.services.machines.dispatch import Call
from tests.api.edge import Edge
from tests.api.service import Service


def ended(service: Service, ada: Edge) -> str:
    instance = service.started()
    task = service.arrive(instance)
    ada.ok("POST", f"/tasks/{task}/start")
    ada.ok("POST", f"/tasks/{task}/complete", {})
    call = Call(instance_id=InstanceId(instance), thread="root", execution=instance, scope="", clock=0, trail=("e",))
    machines_bootstrap.task_dispatcher().complete(call, {})
    return instance


def test_history_tells_every_element_and_who_did_what(service: Service, ada: Edge) -> None:
    instance = ended(service, ada)
    answer = ada.ok("GET", f"/workflow-instances/{instance}/history")
    told = [
        (entry["event_type"], entry["element_id"], entry["element_type"], entry["actor"]) for entry in answer["history"]
    ]
    assert told == [
        ("workflow_created", None, None, "ada"),
        ("workflow_started", None, None, "ada"),
        ("element_completed", "s", "startEvent", None),
        ("task_created", "collect", "userTask", None),
        ("task_assigned", "collect", "userTask", None),
        ("task_started", "collect", "userTask", "ada"),
        ("task_completed", "collect", "userTask", "ada"),
        ("element_completed", "e", "endEvent", None),
        ("workflow_completed", None, None, None),
    ]
    assert [entry["sequence"] for entry in answer["history"]] == list(range(1, 10))
    assert answer["history"][3]["element_name"] == "Data Collection"
    assert answer["pagination"]["total"] == 9


def test_pages_join_to_the_whole(service: Service, ada: Edge) -> None:
    instance = ended(service, ada)
    url = f"/workflow-instances/{instance}/history"
    whole = [entry["id"] for entry in ada.ok("GET", url)["history"]]
    for limit in (1, 2, 4, 9, 10):
        seen, cursor = [], {}
        while True:
            page = ada.ok("GET", url, limit=str(limit), **cursor)
            seen += [entry["id"] for entry in page["history"]]
            cursor = {"cursor": page["pagination"]["next_cursor"]}
            if not page["pagination"]["has_more"]:
                break
        assert seen == whole
        assert page["pagination"]["next_cursor"] is None
    assert [entry["id"] for entry in ada.ok("GET", url, limit="3", offset="4")["history"]] == whole[4:7]
    assert ada.ok("GET", url, offset="50")["history"] == []


def test_any_depth_costs_two_calls(service: Service, ada: Edge) -> None:
    instance = ended(service, ada)
    for query in ({}, {"offset": "7"}, {"limit": "1", "cursor": "5"}):
        service.calls.clear()
        ada.ok("GET", f"/workflow-instances/{instance}/history", **query)
        assert dict(service.calls) == {"GetItem": 1, "Query": 1}


def test_bad_pages_unknown_ids_and_other_projects(service: Service, ada: Edge) -> None:
    instance = service.created(execution_context={"project_id": "p1"})
    url = f"/workflow-instances/{instance}/history"
    for query, field in (("cursor=x", "cursor"), ("limit=0", "limit"), ("limit=201", "limit"), ("since=1", "since")):
        answer = ada.read(f"{url}?{query}")
        assert (answer.status, answer.field) == (400, field)
    assert ada.read("/workflow-instances/none/history").error["details"]["resource_type"] == "workflow_instance"
    assert Edge(projects="p2").read(url).status == 404
