"""Capacity and allocation over the API: the spec's shape, figures that agree with the record, every refusal."""

from typing import Any

import pytest

from orchestrator.bootstrap import admission as admission_bootstrap
from tests.api.edge import Edge
from tests.api.service import Service

PATH = "/resources/allocation"
FOR_PROJECT = {"resource_type": "project", "resource_id": "p-1", "reserved_workflows": 3}


def test_capacity_has_the_specs_shape_and_counts_what_runs(service: Service) -> None:
    service.started()
    service.api.ok("POST", "/resources/services", {"service_name": "batch", "delivery": "claim"})
    found = service.api.ok("GET", "/resources/capacity")
    most = found["overall_capacity"]["max_concurrent_workflows"]
    assert found["overall_capacity"] == {
        "max_concurrent_workflows": most,
        "current_workflows": 1,
        "available_capacity": most - 1,
        "utilization_percentage": round(100 / most, 1),
    }
    limits = ["cpu_cores", "memory_gb", "storage_gb", "network_bandwidth_mbps"]
    assert found["resource_limits"] == dict.fromkeys(limits)
    assert list(found["current_usage"]) == [
        "cpu_cores_used",
        "memory_gb_used",
        "storage_gb_used",
        "network_bandwidth_used",
    ]
    assert found["service_capacity"] == [
        {
            "service_name": "batch",
            "max_concurrent_requests": 10,
            "current_requests": 0,
            "queue_length": 0,
            "average_response_time": None,
        }
    ]
    assert found["scaling_recommendations"] == []


def test_an_allocation_is_set_seen_and_released(service: Service) -> None:
    ada = service.api
    answer = ada.call("POST", PATH, FOR_PROJECT | {"duration_seconds": 3600, "reason": "quarter end"})
    one = f"{PATH}/{answer.body['allocation_id']}"
    assert (answer.status, answer.headers["Location"], answer.body["status"]) == (201, one, "pending")
    admission_bootstrap.reservations().settle()
    listed = ada.ok("GET", PATH)
    assert listed["allocations"][0]["status"] == "active"
    assert (len(listed["allocations"]), listed["summary"]["reserved_workflows"]) == (1, 3)
    assert ada.ok("GET", "/resources/capacity")["overall_capacity"]["current_workflows"] == 0
    assert ada.call("DELETE", one).status == 204
    assert ada.call("DELETE", one).status == 404
    assert ada.ok("GET", PATH)["allocations"] == []
    admission_bootstrap.reservations().settle()
    assert [key for key in service.snapshot() if key[0].startswith("SLOTS#reserved")] == []


BAD: list[tuple[Any, str]] = [
    ({}, "resource_type"),
    (FOR_PROJECT | {"resource_type": "planet"}, "resource_type"),
    (FOR_PROJECT | {"resource_id": ""}, "resource_id"),
    (FOR_PROJECT | {"reserved_workflows": 0}, "reserved_workflows"),
    (FOR_PROJECT | {"reserved_workflows": "3"}, "reserved_workflows"),
    (FOR_PROJECT | {"reserved_workflows": 100_000}, "reserved_workflows"),
    (FOR_PROJECT | {"duration_seconds": 59}, "duration_seconds"),
    (FOR_PROJECT | {"colour": "red"}, "colour"),
]


@pytest.mark.parametrize(("body", "field"), BAD, ids=[f"{row[1]} {row[0].get(row[1])}" for row in BAD])
def test_what_a_caller_can_do_wrong(service: Service, body: Any, field: str) -> None:
    before = service.snapshot()
    answer = service.api.call("POST", PATH, body)
    assert (answer.status, answer.field) == (400, field), answer
    assert service.snapshot() == before


def test_more_than_others_leave_is_a_conflict(ada: Edge) -> None:
    most = ada.ok("GET", "/resources/capacity")["overall_capacity"]["max_concurrent_workflows"]
    ada.ok("POST", PATH, FOR_PROJECT | {"reserved_workflows": most})
    refused = ada.call("POST", PATH, FOR_PROJECT | {"resource_id": "p-2"})
    assert (refused.status, refused.error["details"]["reserved_workflows"]) == (409, most)


@pytest.mark.parametrize("path", ["/resources/capacity", PATH])
def test_a_query_that_nobody_knows(ada: Edge, path: str) -> None:
    assert ada.call("GET", path, colour="red").field == "colour"
