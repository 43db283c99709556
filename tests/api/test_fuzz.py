"""Generated requests, good and bad, for every operation of the OpenAPI document: no answer is a 5xx or undocumented."""

import json
import os
from collections import Counter
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import strategies
from schemathesis.core import NOT_SET

from orchestrator.api.reference.operations import OPERATIONS
from tests.api.edge import Edge, rest_event, shared  # noqa: F401 - a fixture
from tests.api.reference import openapi
from tests.api.service import Service

#: per operation; a long run sets the variable
CASES = int(os.environ.get("FUZZ_CASES", "10"))
SCHEMA = schemathesis.openapi.from_dict(openapi())
#: answers of 500 and above that say what is so
HONEST = {501}


@pytest.fixture(scope="module")
def real(shared: Edge) -> dict[str, str]:
    """First segment of the path -> the id of something that exists."""
    service = Service(Counter(), shared)
    definition = service.published()
    return {
        "workflow-definitions": definition,
        "workflow-instances": service.created(definition),
        "tasks": service.arrive(service.started(definition)),
        "events": shared.ok("POST", "/events/webhook", {"url": "http://127.0.0.1:9/hook"})["webhook_id"],
    }


def event_of(case: Any, identity: str | None) -> dict[str, Any] | None:
    """The request as API Gateway would hand it on; None for what it would not route here."""
    values = {name: str(value) for name, value in (case.path_parameters or {}).items()}
    if identity is not None and "id" in values:
        values["id"] = identity
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
def test_generated_requests(shared: Edge, real: dict[str, str], key: tuple[str, str]) -> None:
    method, path = key
    identities = [None, real.get(path.split("/")[1])]
    operation = SCHEMA[path][method]
    modes = list(schemathesis.GenerationMode)

    @hypothesis.settings(
        max_examples=CASES, deadline=None, database=None, suppress_health_check=list(hypothesis.HealthCheck)
    )
    @hypothesis.given(
        case=strategies.one_of([operation.as_strategy(generation_mode=mode) for mode in modes]),
        identity=strategies.sampled_from(identities),
    )
    def run(case: Any, identity: str | None) -> None:
        event = event_of(case, identity)
        hypothesis.assume(event is not None and case.method.upper() == method)
        answer = shared.send(event)
        assert answer.status < 500 or answer.status in HONEST, answer

    run()
