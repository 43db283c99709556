"""Workers claim tasks over the API: each task has one worker at a time, and only it ends the work."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from moto.dynamodb.responses import DynamoHandler

from orchestrator.bootstrap import tasks as tasks_bootstrap
from orchestrator.domain.priority import Priority
from tests.api.service import Service
from tests.contract.dynamodb import locked

PATH = "/tasks/claim"


@pytest.fixture
def scoring(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    monkeypatch.setattr(DynamoHandler, "call_action", locked)
    service.api.ok("POST", "/resources/services", {"service_name": "scoring", "delivery": "claim"})
    service.api.ok("POST", "/resources/services", {"service_name": "other", "delivery": "claim"})
    return service


def task(service: Service, priority: Priority = Priority.MEDIUM) -> str:
    given = service.started(priority=priority)
    one = service.arrive(given, model_id="m-1")
    performer = {"service_name": "scoring", "agent_type": "service"}
    service.api.ok("POST", f"/tasks/{one}/reassign", {"new_assignment": performer})
    return one


def claim(service: Service, worker: str = "w-1", **fields: Any) -> list[dict[str, Any]]:
    return service.api.ok("POST", PATH, {"worker_id": worker, "topics": ["scoring"], **fields})["tasks"]


def expire(service: Service, monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """The clock goes on."""
    clock = type(tasks_bootstrap.task_service().clock)
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda self: now(self) + timedelta(seconds=seconds))


def test_claimed_extended_and_completed_by_its_worker_only(scoring: Service) -> None:
    one = task(scoring)
    (got,) = claim(scoring, lock_duration=30)
    assert (got["id"], got["status"], got["input_data"]) == (one, "running", {"model_id": "m-1"})
    assert got["lock"]["worker_id"] == "w-1"
    assert claim(scoring, "w-2") == []
    ada = scoring.api
    before = scoring.snapshot()
    for body in ({}, {"worker_id": "w-2"}):
        refused = ada.call("POST", f"/tasks/{one}/complete", body)
        assert (refused.status, refused.error["details"]["locked_by"]) == (409, "w-1")
        assert ada.call("POST", f"/tasks/{one}/fail", body | {"error_message": "no"}).status == 409
    for seconds in (0, 9):
        theirs = {"worker_id": "w-2", "task_id": one, "lock_duration": seconds}
        assert ada.call("PUT", PATH, theirs).status == 409
    assert scoring.snapshot() == before
    longer = ada.ok("PUT", PATH, {"worker_id": "w-1", "task_id": one, "lock_duration": 3600})
    assert longer["lock"]["locked_until"] > got["lock"]["locked_until"]
    done = ada.ok("POST", f"/tasks/{one}/complete", {"worker_id": "w-1", "result_data": {"score": 7}})
    assert done["status"] == "completed"
    assert claim(scoring) == []


def test_a_lock_that_ran_out_lets_another_worker_go_on(scoring: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    one = task(scoring)
    claim(scoring, lock_duration=30)
    expire(scoring, monkeypatch, 31)
    (again,) = claim(scoring, "w-2")
    assert (again["id"], again["lock"]["worker_id"]) == (one, "w-2")
    late = scoring.api.call("POST", f"/tasks/{one}/complete", {"worker_id": "w-1"})
    assert (late.status, late.error["details"]["locked_by"]) == (409, "w-2")
    lines = [line["message"] for line in scoring.api.ok("GET", f"/tasks/{one}/logs")["logs"]]
    assert lines[-3:] == ["Task claimed", "Lock ran out", "Task claimed"]


def test_a_worker_whose_lock_ran_out_may_still_complete_while_nobody_else_has_it(
    scoring: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = task(scoring)
    claim(scoring, lock_duration=1)
    expire(scoring, monkeypatch, 2)
    assert scoring.api.ok("POST", f"/tasks/{one}/complete", {"worker_id": "w-1"})["status"] == "completed"


def test_a_failed_attempt_is_claimed_again_after_its_pause(scoring: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    one = task(scoring)
    claim(scoring)
    failed = scoring.api.ok("POST", f"/tasks/{one}/fail", {"worker_id": "w-1", "error_message": "later"})
    assert (failed["status"], failed["retry_policy"]["current_attempt"]) == ("assigned", 2)
    assert claim(scoring, "w-2") == []
    expire(scoring, monkeypatch, 3600)
    assert [got["id"] for got in claim(scoring, "w-2")] == [one]


def test_given_back_it_is_free(scoring: Service) -> None:
    one = task(scoring)
    claim(scoring)
    assert scoring.api.ok("PUT", PATH, {"worker_id": "w-1", "task_id": one, "lock_duration": 0})["lock"] is None
    assert [got["id"] for got in claim(scoring, "w-2")] == [one]


def test_the_most_urgent_first_and_no_more_than_asked(scoring: Service) -> None:
    low, high = task(scoring, Priority.LOW), task(scoring, Priority.HIGH)
    assert [got["id"] for got in claim(scoring)] == [high]
    assert [got["id"] for got in claim(scoring, max_tasks=5)] == [low]


def test_a_task_has_one_worker_however_many_ask_at_once(scoring: Service) -> None:
    tasks = {task(scoring) for _ in range(3)}
    with ThreadPoolExecutor(6) as crew:
        got = list(crew.map(lambda number: claim(scoring, f"w-{number}", max_tasks=3), range(6)))
    claimed = [one["id"] for each in got for one in each]
    assert sorted(claimed) == sorted(tasks)


def test_who_waits_is_answered_with_the_task_that_comes(scoring: Service) -> None:
    with ThreadPoolExecutor(1) as crew:
        waiting = crew.submit(claim, scoring, timeout=20)
        one = task(scoring)
        begin = time.monotonic()
        assert [got["id"] for got in waiting.result()] == [one]
        assert time.monotonic() - begin < 15


def test_of_another_service_nothing_is_given(scoring: Service) -> None:
    task(scoring)
    assert scoring.api.ok("POST", PATH, {"worker_id": "w", "topics": ["other"]}) == {"tasks": []}


BAD: list[tuple[dict[str, Any], str]] = [
    ({"topics": ["scoring"]}, "worker_id"),
    ({"worker_id": "w"}, "topics"),
    ({"worker_id": "w", "topics": []}, "topics"),
    ({"worker_id": "w", "topics": ["scoring", "nobody"]}, "topics.1"),
    ({"worker_id": "w", "topics": ["called"]}, "topics.0"),
    ({"worker_id": "w", "topics": ["scoring"], "max_tasks": 21}, "max_tasks"),
    ({"worker_id": "w", "topics": ["scoring"], "lock_duration": 0}, "lock_duration"),
    ({"worker_id": "w", "topics": ["scoring"], "timeout": 21}, "timeout"),
    ({"worker_id": "w", "topics": ["scoring"], "colour": "red"}, "colour"),
]


@pytest.mark.parametrize(("body", "field"), BAD, ids=[f"{number} {row[1]}" for number, row in enumerate(BAD)])
def test_what_a_worker_can_ask_wrong(scoring: Service, body: dict[str, Any], field: str) -> None:
    called = {"service_name": "called", "endpoint": "https://example.com/"}
    scoring.api.ok("POST", "/resources/services", called)
    before = scoring.snapshot()
    answer = scoring.api.call("POST", PATH, body)
    assert (answer.status, answer.field) == (400, field), answer
    assert scoring.snapshot() == before


@pytest.mark.parametrize("seconds", [0, 5])
def test_what_nobody_has_and_what_is_not_there(scoring: Service, seconds: int) -> None:
    body = {"worker_id": "w", "task_id": task(scoring), "lock_duration": seconds}
    assert scoring.api.call("PUT", PATH, body).error["details"]["locked_by"] is None
    assert scoring.api.call("PUT", PATH, body | {"task_id": "task-0"}).status == 404
    for field, wrong in (("worker_id", ""), ("task_id", None), ("lock_duration", -1)):
        assert scoring.api.call("PUT", PATH, body | {field: wrong}).field == field
