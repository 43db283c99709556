"""What every answer bears beside its body."""

import json
import logging

import pytest

from tests.api.edge import Edge, rest_event
from tests.api.service import Service

URL = "/workflow-definitions"


def test_pages_of_allowed_origins_may_read_answers_and_errors(ada: Edge) -> None:
    for path in (URL, f"{URL}/none"):
        answer = ada.call("GET", path, headers={"Origin": "https://app.example.com"})
        assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
        assert "X-Request-Id" in answer.headers["Access-Control-Expose-Headers"]
        assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize("origin", ["https://evil.example.com", "null", "https://app.example.com.evil.com", "*", ""])
def test_pages_of_other_origins_may_not(ada: Edge, origin: str) -> None:
    assert "Access-Control-Allow-Origin" not in ada.call("GET", URL, headers={"Origin": origin}).headers


@pytest.mark.parametrize(
    "accept",
    ["application/problem+json", "application/problem+json, */*", "application/json;q=0.5, Application/Problem+JSON"],
)
def test_errors_are_problem_details_where_asked_for(ada: Edge, accept: str) -> None:
    event = rest_event("GET", URL, [("limit", "0")], headers={"Accept": accept})
    answer = ada.send(event)
    usual = ada.call("GET", URL, limit="0")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.body == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": usual.error["message"],
        "code": usual.error["code"],
        "details": usual.error["details"],
    }


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "application/json, application/problem+json",
        "application/problem+json;q=0",
        "application/problem+json;q=x",
    ],
)
def test_errors_have_the_usual_shape_otherwise(ada: Edge, accept: str) -> None:
    answer = ada.send(rest_event("GET", URL, [("limit", "0")], headers={"Accept": accept}))
    assert answer.error["code"] == "INVALID_REQUEST"
    assert answer.headers["Content-Type"] == "application/json"


def test_answers_are_not_kept_by_caches(ada: Edge) -> None:
    assert ada.call("GET", URL).headers["Cache-Control"] == "no-store"


def test_a_deletion_has_no_body(service: Service, ada: Edge) -> None:
    answer = ada.call("DELETE", f"{URL}/{service.defined()}")
    assert (answer.status, answer.body) == (204, {})
    assert "Content-Type" not in answer.headers


def test_a_bug_is_answered_with_the_id_that_finds_it_in_the_log(
    ada: Edge, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("orchestrator.api.routes.definitions.definition_service", lambda: 1 / 0)
    with caplog.at_level(logging.ERROR):
        answer = ada.call("GET", URL, headers={"X-Correlation-Id": "corr-12345"})
    assert (answer.status, answer.error["code"]) == (500, "INTERNAL_ERROR")
    assert answer.error["details"]["correlation_id"] == "corr-12345"
    assert answer.error["details"]["timestamp"].endswith("Z")
    assert "ZeroDivision" not in json.dumps(answer.body)
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.exc_info


def test_a_record_that_does_not_answer_is_unavailability(service: Service, ada: Edge) -> None:
    definition = service.defined()
    service.stop_record()
    answer = ada.call("GET", f"{URL}/{definition}")
    assert (answer.status, answer.error["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert answer.headers["Retry-After"] == str(answer.error["details"]["retry_after_seconds"])
