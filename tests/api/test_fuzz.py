"""Generated requests, good and bad, for every operation of the OpenAPI document: no answer is a 5xx or undocumented.

What the path names is made up in one half of the cases, and is there in the other.
"""

import json
import os
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import strategies
from schemathesis.core import NOT_SET

from orchestrator.api.endpoints import ENDPOINTS
from orchestrator.api.reference.operations import OPERATIONS
from tests.api.bad_input.tables import things_of
from tests.api.bad_input.world import World, world
from tests.api.edge import Edge, rest_event, shared  # noqa: F401 - a fixture
from tests.api.reference import openapi

#: per operation; a long run sets the variable
CASES = int(os.environ.get("FUZZ_CASES", "10"))
SCHEMA = schemathesis.openapi.from_dict(openapi())


@pytest.fixture(scope="module")
def there(shared: Edge) -> World:
    return world(shared)


def event_of(case: Any, there: dict[str, str]) -> dict[str, Any] | None:
    """The request as API Gateway would hand it on; None for what it would not route here."""
    values = {name: there.get(name, str(value)) for name, value in (case.path_parameters or {}).items()}
    path = case.path
    for name, value in values.items():
        path = path.replace("{" + name + "}", value)
    if any(not value or "/" in value for value in values.values()):
        return None
    query = [(name, _text(value)) for name, value in (case.query or {}).items()]
    return rest_event(case.method.upper(), path, query, body=_sent(case.body), pathParameters=values or None)


def _sent(body: Any) -> str | None:
    if body is NOT_SET:
        return None
    return body.decode("latin-1") if isinstance(body, bytes) else json.dumps(body)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@pytest.mark.parametrize("key", OPERATIONS, ids=" ".join)
def test_generated_requests(shared: Edge, there: World, key: tuple[str, str]) -> None:
    method, path = key
    things = {name: there.real(thing) for name, thing in things_of(path).items()}
    operation = SCHEMA[path][method]
    modes = list(schemathesis.GenerationMode)

    @hypothesis.settings(
        max_examples=CASES, deadline=None, database=None, suppress_health_check=list(hypothesis.HealthCheck)
    )
    @hypothesis.given(
        case=strategies.one_of([operation.as_strategy(generation_mode=mode) for mode in modes]),
        of_what=strategies.sampled_from([{}, things]),
    )
    def run(case: Any, of_what: dict[str, str]) -> None:
        event = event_of(case, of_what)
        hypothesis.assume(event is not None and case.method.upper() == method)
        answer = shared.send(event)
        assert answer.status < 500, answer

    run()


def test_every_endpoint_is_fuzzed() -> None:
    assert {(row.method, row.path) for row in ENDPOINTS} == set(OPERATIONS)
    assert {(method.upper(), path) for path, methods in openapi()["paths"].items() for method in methods} == set(
        OPERATIONS
    )
