"""The header Idempotency-Key."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidTag

from orchestrator.adapters.sealing import opened, sealed
from orchestrator.bootstrap import idempotency as idempotency_bootstrap
from orchestrator.domain.caller import Caller
from orchestrator.domain.repetition import CLAIM_WINDOW, HEADER, MEMORY, Kept, Turn, repeatable
from tests.api.edge import Answer, Edge
from tests.api.service import TWO_TASKS, Service

URL = "/workflow-definitions"
NEW = {"name": "Order", "version": "1.0.0", "bpmn_content": TWO_TASKS}
WEBHOOK = {"url": "http://127.0.0.1:9/hook", "event_types": ["task_completed"]}
REQUEST = repeatable(Caller(subject="ada"), "key", target="POST /tasks", body="{}")
NOW = datetime(2025, 1, 15, 10, tzinfo=UTC)


def post(edge: Edge, body: object = NEW, key: str = "order 1", path: str = URL) -> Answer:
    return edge.call("POST", path, body, headers={HEADER: key})


def test_a_repeated_request_is_answered_again_and_carried_out_once(service: Service, ada: Edge) -> None:
    first = post(ada)
    items = service.snapshot()
    service.calls.clear()
    again = post(ada)
    assert service.calls["TransactWriteItems"] == 0
    assert (again.status, again.body, again.headers["Location"]) == (201, first.body, first.headers["Location"])
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert service.snapshot() == items


def test_another_request_with_the_same_key_is_refused(service: Service, ada: Edge) -> None:
    post(ada)
    items = service.snapshot()
    for answer in (post(ada, {**NEW, "name": "Another"}), post(ada, {}, path="/workflow-instances")):
        assert (answer.status, answer.error["code"], answer.field) == (422, "IDEMPOTENCY_KEY_REUSED", HEADER)
    assert service.snapshot() == items


def test_a_refusal_is_answered_again(ada: Edge) -> None:
    first, again = post(ada, {"name": "n"}), post(ada, {"name": "n"})
    assert (first.status, again.status, first.body) == (400, 400, again.body)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_fault_is_not_kept(ada: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("orchestrator.api.routes.definitions.definition_service", lambda: 1 / 0)
        assert post(ada).status == 500
    assert post(ada).status == 201


def test_keys_belong_to_their_callers(ada: Edge) -> None:
    others = (Edge(subject="bob"), Edge(projects="p1"), Edge(projects="p1 p2"))
    assert len({post(edge).body["id"] for edge in (ada, *others)}) == 4


def test_what_is_kept_is_shown_to_nobody_without_permission(ada: Edge) -> None:
    post(ada)
    assert post(Edge(permissions=("workflow:read",))).status == 403


def test_while_a_request_is_being_carried_out_its_repetition_waits(ada: Edge) -> None:
    busy = idempotency_bootstrap.repeated_requests()
    caller = Caller(subject="ada")
    mine = repeatable(caller, "k", target=f"POST {URL} {{}}", body=json.dumps(NEW))
    assert busy.answers.take(mine, now=busy.clock.now()) is Turn.YOURS
    answer = post(ada, key="k")
    assert (answer.status, answer.error["code"], answer.headers["Retry-After"]) == (409, "REQUEST_IN_PROGRESS", "1")


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\tb"])
def test_a_key_that_is_none(ada: Edge, key: str) -> None:
    answer = post(ada, key=key)
    assert (answer.status, answer.error["code"], answer.field) == (400, "INVALID_REQUEST", HEADER)


@pytest.mark.usefixtures("service")
class TestAnswerStore:
    def test_a_request_that_was_cut_off_is_taken_over_by_its_repetition_only(self) -> None:
        answers = idempotency_bootstrap.repeated_requests().answers
        other = repeatable(Caller(subject="ada"), "key", target="POST /tasks", body="[]")
        assert answers.take(REQUEST, now=NOW) is Turn.YOURS
        assert answers.take(REQUEST, now=NOW + CLAIM_WINDOW / 2) is Turn.BUSY
        assert answers.take(other, now=NOW + CLAIM_WINDOW) is Turn.REUSED
        assert answers.take(REQUEST, now=NOW + CLAIM_WINDOW) is Turn.YOURS
        assert answers.take(REQUEST, now=NOW + CLAIM_WINDOW) is Turn.BUSY

    def test_who_was_cut_off_keeps_nothing_any_more(self) -> None:
        answers = idempotency_bootstrap.repeated_requests().answers
        answers.take(REQUEST, now=NOW)
        answers.take(REQUEST, now=NOW + CLAIM_WINDOW)
        answers.keep(REQUEST, Kept(status=200, body="late", headers={}), taken_at=NOW)
        answers.release(REQUEST, taken_at=NOW)
        assert answers.take(REQUEST, now=NOW + CLAIM_WINDOW) is Turn.BUSY
        kept = Kept(status=200, body="in time", headers={"Location": "/x"})
        answers.keep(REQUEST, kept, taken_at=NOW + CLAIM_WINDOW)
        assert answers.take(REQUEST, now=NOW + CLAIM_WINDOW) == kept

    def test_answers_are_forgotten_even_before_the_table_removes_them(self) -> None:
        answers = idempotency_bootstrap.repeated_requests().answers
        answers.take(REQUEST, now=NOW)
        answers.keep(REQUEST, Kept(status=204, body="", headers={}), taken_at=NOW)
        assert isinstance(answers.take(REQUEST, now=NOW + MEMORY - timedelta(seconds=1)), Kept)
        assert answers.take(REQUEST, now=NOW + MEMORY) is Turn.YOURS


def test_secrets_are_shown_again_and_readable_by_nobody_else(service: Service, ada: Edge) -> None:
    first, again = (post(ada, WEBHOOK, path="/events/webhook") for _ in range(2))
    assert first.status == 201, first
    assert again.body == first.body
    assert first.body["signing_secret"] not in str(service.snapshot())
    (kept,) = (item for (pk, _), item in service.snapshot().items() if pk.startswith("ANSWER#"))
    assert "order 1" not in str(kept)


def test_what_is_sealed_opens_with_its_secret_only() -> None:
    text = sealed("täxt", "secret")
    assert opened(text, "secret") == "täxt"
    assert sealed("täxt", "secret") != text
    with pytest.raises(InvalidTag):
        opened(text, "another")
