"""Execution control at the edge: what it takes, refuses and answers; figures against a recount."""

import json
import os
from collections import Counter
from typing import Any

import pytest

from orchestrator.bootstrap import admission as admission_bootstrap
from orchestrator.bootstrap import aws as aws_bootstrap
from orchestrator.bootstrap import machines as machines_bootstrap
from orchestrator.domain.ids import InstanceId
from orchestrator.services.machines.dispatch import Call
from tests.api.edge import Edge
from tests.api.service import Service

START, CANCEL, PRIORITY, STATUS = (
    f"/execution/{name}" for name in ("batch-start", "batch-cancel", "priority", "queue-status")
)
ONE = {"workflow_definition_id": "wf-def-x"}
#: path, body, field that the answer names
BODIES: list[tuple[str, Any, str]] = [
    (START, {}, "workflows"),
    (START, {"workflows": []}, "workflows"),
    (START, {"workflows": {}}, "workflows"),
    (START, {"workflows": [ONE] * 1001}, "workflows"),
    (START, {"workflows": [ONE], "surprise": 1}, "surprise"),
    (START, {"workflows": [ONE], "execution_options": []}, "execution_options"),
    (START, {"workflows": [ONE], "execution_options": {"max_concurrent": 0}}, "execution_options.max_concurrent"),
    (START, {"workflows": [ONE], "execution_options": {"max_concurrent": "5"}}, "execution_options.max_concurrent"),
    (START, {"workflows": [ONE], "execution_options": {"max_concurrent": 2.0}}, "execution_options.max_concurrent"),
    (START, {"workflows": [ONE], "execution_options": {"priority": "urgent"}}, "execution_options.priority"),
    (
        START,
        {"workflows": [ONE], "execution_options": {"parallel_execution": 1}},
        "execution_options.parallel_execution",
    ),
    (START, {"workflows": [ONE], "execution_options": {"batch_id": ""}}, "execution_options.batch_id"),
    (START, {"workflows": [ONE], "execution_options": {"batch_id": "a b"}}, "execution_options.batch_id"),
    (START, {"workflows": [ONE], "execution_options": {"batch_id": "x" * 101}}, "execution_options.batch_id"),
    (
        START,
        {"workflows": [ONE], "execution_options": {"max_concurrent": 2, "parallel_execution": False}},
        "execution_options",
    ),
    (CANCEL, None, "body"),
    (CANCEL, {}, "body"),
    (CANCEL, {"workflow_instance_ids": []}, "workflow_instance_ids"),
    (CANCEL, {"workflow_instance_ids": "wf-inst-1"}, "workflow_instance_ids"),
    (CANCEL, {"workflow_instance_ids": ["a", 1]}, "workflow_instance_ids.1"),
    (CANCEL, {"workflow_instance_ids": ["a"] * 1001}, "workflow_instance_ids"),
    (CANCEL, {"workflow_instance_ids": ["a"], "batch_id": "b"}, "body"),
    (CANCEL, {"filter": {}}, "filter"),
    (CANCEL, {"filter": {"status": "completed"}}, "filter.status"),
    (CANCEL, {"filter": {"created_after": "yesterday"}}, "filter.created_after"),
    (CANCEL, {"filter": {"created_after": "2026-01-01T00:00:00"}}, "filter.created_after"),
    (CANCEL, {"filter": {"owner": "x"}}, "filter.owner"),
    (CANCEL, {"workflow_instance_ids": ["a"], "reason": ""}, "reason"),
    (PRIORITY, {}, "priority"),
    (PRIORITY, {"priority": "high"}, "body"),
    (PRIORITY, {"priority": 5, "workflow_instance_ids": ["a"]}, "priority"),
    (PRIORITY, {"priority": "high", "workflow_instance_ids": ["a"], "batch_id": "b"}, "body"),
    (PRIORITY, {"priority": "high", "batch_id": ""}, "batch_id"),
]
QUERIES = [
    (f"{STATUS}?include_details=1", "include_details", "true or false"),
    (f"{STATUS}?limit=0", "limit", "1 to 200"),
    (f"{STATUS}?offset=1", "offset", "unknown"),
    ("/execution/batches/x?page=1", "page", "unknown"),
]


def test_bad_bodies_and_queries_are_refused_naming_the_field(service: Service, ada: Edge) -> None:
    before = service.snapshot()
    for path, body, field in BODIES:
        answer = ada.call("POST", path, body)
        assert (answer.status, answer.error["code"]) == (400, "INVALID_REQUEST"), (path, body, answer)
        assert answer.field == field, (path, body, answer)
        assert answer.error["details"]["reason"]
    for url, field, reason in QUERIES:
        answer = ada.read(url)
        assert (answer.status, answer.field) == (400, field), (url, answer)
        assert reason in answer.error["details"]["reason"]
    for method, path, body in (
        ("GET", "/execution/batches/none", None),
        ("POST", CANCEL, {"batch_id": "none"}),
        ("POST", PRIORITY, {"batch_id": "none", "priority": "low"}),
    ):
        answer = ada.call(method, path, body)
        assert (answer.status, answer.error["details"]) == (404, {"resource_type": "batch", "resource_id": "none"})
    assert service.snapshot() == before


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch, service: Service) -> Service:
    """Room for three instances."""
    monkeypatch.setenv("MAX_CONCURRENT_WORKFLOWS", "3")
    return service


def started(api: Edge, workflows: list[Any], **options: Any) -> dict[str, Any]:
    return api.ok("POST", START, {"workflows": workflows, "execution_options": options})


def complete(service: Service, instance: str) -> None:
    call = Call(instance_id=InstanceId(instance), thread="root", execution=instance, scope="", clock=0, trail=())
    machines_bootstrap.task_dispatcher().complete(call, {})


def test_each_workflow_is_answered_for_itself(narrow: Service, ada: Edge) -> None:
    definition = narrow.published()
    good = {"workflow_definition_id": definition, "instance_name": "n"}
    answer = started(
        ada,
        [
            good,
            good | {"input_variables": 5},
            "x",
            {"workflow_definition_id": "wf-def-none", "instance_name": "lost"},
            good | {"priority": "critical", "business_key": "k"},
            *[good] * 3,
        ],
        priority="low",
        batch_id="b-1",
    )
    assert [row["status"] for row in answer["started_workflows"]].count("running") == 3
    assert answer["started_workflows"][1]["status"] == "running", "the critical one goes first"
    assert answer["execution_summary"] | {"estimated_completion": None} == {
        "total_requested": 8,
        "successfully_started": 5,
        "failed_to_start": 3,
        "queued": 2,
        "estimated_completion": None,
    }
    faults = [(row["index"], row["error"]["code"], row["error"]["field"]) for row in answer["failed_starts"]]
    assert faults == [
        (1, "INVALID_REQUEST", "workflows.1.input_variables"),
        (2, "INVALID_REQUEST", "workflows.2"),
        (3, "RESOURCE_NOT_FOUND", None),
    ]
    assert answer["failed_starts"][2]["instance_name"] == "lost"
    assert (answer["failed_starts"][1]["workflow_definition_id"], answer["batch_id"]) == (None, "b-1")
    other = ada.call("POST", START, {"workflows": [good], "execution_options": {"batch_id": "b-1"}})
    assert (other.status, other.error["details"]) == (409, {"batch_id": "b-1"})
    listed = ada.ok("GET", "/workflow-instances", batch_id="b-1", status="queued")
    assert {row["batch_id"] for row in listed["workflow_instances"]} == {"b-1"}
    assert (listed["pagination"]["total"], listed["workflow_instances"][0]["started_at"]) == (2, None)
    standing = ada.ok("GET", "/execution/batches/b-1")
    assert (standing["status"], standing["execution_summary"]["by_status"]["queued"]) == ("active", 2)


def test_the_status_counts_what_a_recount_finds(narrow: Service, ada: Edge) -> None:
    definition = narrow.published()
    good = {"workflow_definition_id": definition}
    first = started(ada, [good] * 6)["started_workflows"]
    waiting = [row["instance_id"] for row in first if row["status"] == "queued"]
    ada.ok("POST", PRIORITY, {"workflow_instance_ids": waiting[2:], "priority": "high"})
    ada.ok("POST", f"/workflow-instances/{waiting[1]}/pause")
    ada.ok("POST", f"/workflow-instances/{first[0]['instance_id']}/pause")
    single = narrow.created(definition)
    assert ada.ok("POST", f"/workflow-instances/{single}/start")["status"] == "queued"
    task = narrow.arrive(first[1]["instance_id"])
    status = ada.ok("GET", STATUS, include_details="true")
    heads = [item for (pk, sk), item in narrow.snapshot().items() if pk.startswith("INSTANCE#") and sk == "META"]
    counted = Counter(item["status"]["S"] for item in heads)
    summary = status["queue_summary"]
    assert summary["running"] == counted["running"] == 2
    assert summary["pending"] == counted["queued"] == 3
    assert summary["paused"] == counted["paused"] == 2
    assert summary["total_queued"] == 7
    assert summary["pending_by_priority"] == {"low": 0, "medium": 2, "high": 1, "critical": 0}
    assert (summary["average_wait_time"], summary["estimated_queue_clear_time"]) == (None, None)
    places = [(place["position"], place["workflow_instance_id"]) for place in status["queue_details"]]
    assert places == [(1, waiting[2]), (2, waiting[0]), (3, single)]
    for name, said in (("ann", "available"), ("bob", "available"), ("eve", "offline")):
        agent = {"agent_id": name, "agent_type": "human", "name": name, "status": said, "max_concurrent_tasks": 1}
        ada.ok("POST", "/resources/agents", agent)
    ada.ok("POST", f"/tasks/{task}/reassign", {"new_assignment": {"agent_id": "bob", "agent_type": "human"}})
    counted_agents = ada.ok("GET", "/resources/agents")["summary"]["available_agents"]
    assert ada.ok("GET", STATUS)["resource_utilization"]["available_agents"] == counted_agents == 1
    assert ada.ok("GET", STATUS, include_details="true", limit="1")["queue_details"] == status["queue_details"][:1]
    assert ada.ok("GET", STATUS)["queue_details"] == []
    complete(narrow, first[1]["instance_id"])
    assert admission_bootstrap.queue_worker().admit(lambda: True).admitted == (waiting[2],)
    assert Edge(projects="p1").call("GET", STATUS).status == 403


def test_cancelling_by_ids_and_by_filter(narrow: Service, ada: Edge) -> None:
    definition = narrow.published()
    rows = started(ada, [{"workflow_definition_id": definition, "business_key": f"k{n % 2}"} for n in range(6)])
    ids = [row["instance_id"] for row in rows["started_workflows"]]
    answer = ada.ok("POST", CANCEL, {"workflow_instance_ids": [ids[0], "wf-inst-none"], "reason": "r"})
    (cancelled,) = answer["cancelled_workflows"]
    assert (cancelled["instance_id"], cancelled["previous_status"], cancelled["status"]) == (
        ids[0],
        "running",
        "cancelled",
    )
    (failed,) = answer["failed_cancellations"]
    assert (failed["instance_id"], failed["error"]["code"]) == ("wf-inst-none", "RESOURCE_NOT_FOUND")
    assert answer["execution_summary"]["total_requested"] == 2
    by_key = ada.ok("POST", CANCEL, {"filter": {"business_key": "k1", "workflow_definition_id": definition}})
    assert {row["instance_id"] for row in by_key["cancelled_workflows"]} == {ids[1], ids[3], ids[5]}
    nobody = ada.ok("POST", CANCEL, {"filter": {"business_key": "k1"}})
    assert nobody["execution_summary"]["total_requested"] == 0
    eve = Edge(subject="eve", projects="p9")
    hidden = eve.ok("POST", CANCEL, {"workflow_instance_ids": [ids[2]]})
    assert hidden["failed_cancellations"][0]["error"]["code"] == "RESOURCE_NOT_FOUND"
    again = ada.ok("POST", CANCEL, {"workflow_instance_ids": [ids[0]]})
    assert again["failed_cancellations"][0]["error"]["code"] == "RESOURCE_CONFLICT"


class Time:
    """A context with so many milliseconds left."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.aws_request_id = self.function_name = "admission"
        self.memory_limit_in_mb = 512
        self.invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:admission"

    def get_remaining_time_in_millis(self) -> int:
        return self.left


def message(body: Any, identity: str = "m-1") -> dict[str, Any]:
    return {"messageId": identity, "eventSource": "aws:sqs", "body": json.dumps(body), "receiptHandle": "r"}


def left_behind() -> list[Any]:
    """What waits in the admission queue."""
    answer = aws_bootstrap.client("sqs").receive_message(
        QueueUrl=os.environ["ADMISSION_QUEUE_URL"], MaxNumberOfMessages=10, VisibilityTimeout=0
    )
    return [json.loads(each["Body"]) for each in answer.get("Messages", [])]


def test_the_worker_admits_does_jobs_and_leaves_what_it_has_no_time_for(narrow: Service, ada: Edge) -> None:
    from functions.admission.handler import handler
    from orchestrator.adapters.admission_queue import to_text
    from orchestrator.domain.bulk import Action, Job, Steering
    from orchestrator.domain.caller import Caller

    rows = started(ada, [{"workflow_definition_id": narrow.published()}] * 6)["started_workflows"]
    ids = [InstanceId(row["instance_id"]) for row in rows]
    steering = Steering(action=Action.CANCEL, reason="r")
    job = Job(
        steering=steering, caller=Caller(subject="ada"), instance_ids=(ids[0], ids[3], InstanceId("wf-inst-none"))
    )
    ended = message({"detail-type": "workflow_completed", "detail": {}}, "m-2")
    event = {"Records": [message(json.loads(to_text(job))), ended]}
    assert handler(event, Time(5_000)) == {"batchItemFailures": []}
    assert [each["action"] for each in left_behind()] == ["cancel", "admit"], "no time for either"
    assert handler(event, Time(30_000)) == {"batchItemFailures": []}
    assert ada.ok("GET", f"/workflow-instances/{ids[3]}")["status"] == "cancelled"
    assert ada.ok("GET", f"/workflow-instances/{ids[4]}")["status"] == "running"
    assert ada.ok("GET", f"/workflow-instances/{ids[5]}")["status"] == "queued"
    assert handler({"source": "aws.events"}, Time(30_000)) == {"batchItemFailures": []}
    failed = handler({"Records": [message({"action": "cancel"}, "broken"), ended]}, Time(30_000))
    assert failed == {"batchItemFailures": [{"itemIdentifier": "broken"}]}
