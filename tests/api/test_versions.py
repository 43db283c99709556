"""ETag, If-Match, If-None-Match, HEAD."""

from collections.abc import Callable
from datetime import datetime

import pytest

from orchestrator.adapters.system import SystemClock
from orchestrator.api.endpoints import ENDPOINTS
from orchestrator.api.versions import VERSIONED, is_conditional
from orchestrator.bootstrap import aws as aws_bootstrap
from tests.api.edge import Answer, Edge
from tests.api.service import Service
from tests.fakes.clock import BEGIN


@pytest.fixture
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """All happens in the same millisecond."""

    def now(_: SystemClock) -> datetime:
        return BEGIN

    monkeypatch.setattr(SystemClock, "now", now)


AGENT = {"agent_id": "ada", "agent_type": "human", "name": "Ada"}
SERVICE = {"service_name": "risk", "endpoint": "http://127.0.0.1:9/run"}


def definition(service: Service) -> str:
    return f"/workflow-definitions/{service.defined()}"


def instance(service: Service) -> str:
    return f"/workflow-instances/{service.started()}"


def task(service: Service) -> str:
    return f"/tasks/{service.task()}"


def webhook(service: Service) -> str:
    made = service.api.ok("POST", "/events/webhook", {"url": "http://127.0.0.1:9/hook"})
    return f"/events/webhook/{made['webhook_id']}"


def agent(service: Service) -> str:
    service.api.ok("POST", "/resources/agents", AGENT)
    return "/resources/agents/ada"


def external(service: Service) -> str:
    service.api.ok("POST", "/resources/services", SERVICE)
    return "/resources/services/risk"


#: how it is made, and two changes that can follow each other
RESOURCES = [
    (definition, [("PUT", "", {"name": "A"}), ("PUT", "", {"name": "B"})]),
    (definition, [("POST", "/validate", {}), ("POST", "/publish", {})]),
    (definition, [("PUT", "", {"name": "A"}), ("DELETE", "", None)]),
    (instance, [("POST", "/pause", {}), ("POST", "/resume", {})]),
    (instance, [("POST", "/pause", {}), ("POST", "/cancel", {})]),
    (instance, [("POST", "/pause", {}), ("POST", "/terminate", {})]),
    (task, [("POST", "/start", {}), ("POST", "/complete", {})]),
    (task, [("POST", "/start", {}), ("POST", "/fail", {"error_code": "E", "error_message": "m"})]),
    (task, [("POST", "/start", {}), ("POST", "/cancel", {})]),
    (webhook, [("PUT", "", {"description": "A"}), ("POST", "/pause", {})]),
    (webhook, [("POST", "/rotate-secret", {}), ("DELETE", "", None)]),
    (agent, [("PUT", "", {"name": "A"}), ("DELETE", "", None)]),
    (external, [("PUT", "", {"description": "A"}), ("DELETE", "", None)]),
]


def change(edge: Edge, path: str, step: tuple, tag: str) -> Answer:
    method, action, body = step
    return edge.call(method, path + action, body, headers={"If-Match": tag})


def etag(edge: Edge, path: str) -> str:
    return edge.call("GET", path).headers["ETag"]


@pytest.mark.parametrize(
    ("make", "steps"), RESOURCES, ids=[f"{make.__name__}-{steps[1][:2]}" for make, steps in RESOURCES]
)
@pytest.mark.usefixtures("still_clock")
def test_a_change_meets_the_version_that_its_caller_has_seen(
    service: Service, ada: Edge, make: Callable[[Service], str], steps: list
) -> None:
    path = make(service)
    seen = etag(ada, path)
    assert change(ada, path, steps[0], seen).status < 300
    items = service.snapshot()
    late = change(ada, path, steps[1], seen)
    assert (late.status, late.error["code"], late.field) == (412, "PRECONDITION_FAILED", "If-Match")
    assert service.snapshot() == items
    current = etag(ada, path)
    assert late.error["details"]["current_version"] == current.strip('"').partition(".")[0]
    assert change(ada, path, steps[1], f'"1.0", {current}').status < 300


@pytest.mark.usefixtures("still_clock")
@pytest.mark.parametrize("make", [agent, external])
def test_what_is_registered_again_is_another(service: Service, ada: Edge, make: Callable[[Service], str]) -> None:
    path = make(service)
    seen = etag(ada, path)
    assert ada.call("DELETE", path).status == 204
    make(service)
    assert change(ada, path, ("DELETE", "", None), seen).status == 412


def test_who_is_overtaken_between_reading_and_writing_is_told(service: Service, ada: Edge) -> None:
    """The write's own condition finds out: what the other one wrote stays."""
    path = definition(service)
    seen, others = etag(ada, path), iter(["B"])

    def overtake(**_: object) -> None:
        for name in others:
            ada.ok("PUT", path, {"name": name})

    aws_bootstrap.client("dynamodb").meta.events.register("before-call.dynamodb.TransactWriteItems", overtake)
    assert change(ada, path, ("PUT", "", {"name": "A"}), seen).status == 412
    assert ada.ok("GET", path)["name"] == "B"


@pytest.mark.parametrize("tag", ["*", "  * "])
def test_any_version_will_do(service: Service, ada: Edge, tag: str) -> None:
    assert change(ada, definition(service), ("PUT", "", {"name": "A"}), tag).status == 200


def test_of_what_does_not_exist_no_version_does(ada: Edge) -> None:
    assert change(ada, "/workflow-definitions/none", ("PUT", "", {"name": "A"}), "*").status == 404


def test_weak_tags_do_not_match(service: Service, ada: Edge) -> None:
    path = definition(service)
    assert change(ada, path, ("PUT", "", {"name": "A"}), f"W/{etag(ada, path)}").status == 412


@pytest.mark.parametrize("tag", ["", "12", '"12', '"12" "13"', '*, "12"'])
def test_what_is_no_tag(service: Service, ada: Edge, tag: str) -> None:
    answer = change(ada, definition(service), ("PUT", "", {"name": "A"}), tag)
    assert (answer.status, answer.field) == (400, "If-Match")


def test_where_there_is_no_version_a_condition_is_refused(service: Service, ada: Edge) -> None:
    for path, body in (("/messages", {}), (f"{task(service)}/logs", {"message": "m"}), ("/workflow-definitions", {})):
        answer = change(ada, path, ("POST", "", body), '"1"')
        assert (answer.status, answer.field) == (400, "If-Match")


@pytest.mark.parametrize("make", [definition, instance, task, webhook, external])
def test_who_has_it_already_gets_no_body(service: Service, ada: Edge, make: Callable[[Service], str]) -> None:
    path = make(service)
    tag = etag(ada, path)
    for known in (tag, f'"other", W/{tag}', "*"):
        answer = ada.call("GET", path, headers={"If-None-Match": known})
        assert (answer.status, answer.body, answer.headers["ETag"]) == (304, {}, tag)
    assert ada.call("GET", path, headers={"If-None-Match": '"1.0"'}).status == 200


def test_the_tag_tells_answers_of_one_version_apart(service: Service, ada: Edge) -> None:
    path = task(service)
    short, long = (ada.call("GET", path, include_context=shown).headers["ETag"] for shown in ("false", "true"))
    assert short != long
    assert short.partition(".")[0] == long.partition(".")[0]


def test_head_answers_as_get_without_the_body(service: Service, ada: Edge) -> None:
    for path in (definition(service), "/tasks", "/health"):
        head, full = ada.call("HEAD", path), ada.call("GET", path)
        assert (head.status, head.body, head.headers.get("ETag")) == (full.status, {}, full.headers.get("ETag"))
    assert ada.call("HEAD", "/tasks/none").status == 404
    assert Edge(permissions=()).call("HEAD", "/tasks").status == 403


def test_every_versioned_resource_can_be_read_and_changed() -> None:
    for path in VERSIONED:
        assert any((row.method, row.path) == ("GET", path) for row in ENDPOINTS)
        assert any(is_conditional(row) and row.path.startswith(path) for row in ENDPOINTS)
