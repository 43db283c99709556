"""Each endpoint has a table of bad input: every row is refused with the spec's error, and nothing has changed."""

import pytest

from orchestrator.api.endpoints import ENDPOINTS, Endpoint
from tests.api.bad_input.row import Row, applying
from tests.api.bad_input.schemas import Kind
from tests.api.bad_input.tables import table
from tests.api.bad_input.world import World, world
from tests.api.edge import Answer, Edge, rest_event, shared  # noqa: F401 - a fixture


@pytest.fixture(scope="module")
def there(shared: Edge) -> World:
    return world(shared)


def sent(world: World, method: str, row: Row) -> Answer:
    caller = Edge(permissions=row.permissions, projects=row.projects, subject="eve" if row.projects else "ada")
    text = None if row.text is None else world.real(row.text)
    return caller.send(rest_event(method, world.real(row.path), row.query, body=text))


def refused(row: Row, answer: Answer) -> None:
    error = answer.body.get("error") or {}
    assert (answer.status, error.get("code")) == (row.status, row.code), (row, answer.status, answer.body)
    if row.named is not None:
        assert (answer.field, bool(error["details"]["reason"])) == (row.named, True), (row, error)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda row: f"{row.method} {row.path}")
def test_each_row_is_refused_and_changes_nothing(there: World, endpoint: Endpoint) -> None:
    before = there.service.snapshot()
    for row in table(endpoint):
        refused(row, sent(there, endpoint.method, row))
    assert there.service.snapshot() == before


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda row: f"{row.method} {row.path}")
def test_each_endpoint_has_a_row_of_each_kind_that_applies(endpoint: Endpoint) -> None:
    has = {row.kind for row in table(endpoint)}
    assert applying(endpoint) <= has, f"{endpoint.method} {endpoint.path} lacks {applying(endpoint) - has}"


def test_nobody_is_shown_what_is_of_another_project(there: World) -> None:
    eve, hidden = Edge(projects="p2", subject="eve"), ("RUNNING", "TASK", "LOCKED", "BATCH", "HOOK", "EVENT")
    for endpoint in ENDPOINTS:
        if endpoint.method == "GET" and "{" not in endpoint.path and endpoint.permission is not None:
            answer = eve.call("GET", endpoint.path)
            assert answer.status in {200, 403}, (endpoint, answer)
            shown = [name for name in hidden if there.ids[name] in str(answer.body)]
            assert not shown, endpoint


def test_every_kind_is_there() -> None:
    assert {row.kind for endpoint in ENDPOINTS for row in table(endpoint)} == set(Kind)
