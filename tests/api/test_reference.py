"""The reference of the API says what the code does."""

import importlib
import inspect
import json
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from infra import docs
from infra.node import bin_directory
from orchestrator.api.endpoints import ENDPOINTS, Group
from orchestrator.api.reference.openapi import operation_id
from orchestrator.api.reference.operation import Operation
from orchestrator.api.reference.operations import OPERATIONS
from tests.api.edge import Edge, shared  # noqa: F401 - a fixture
from tests.api.reference import openapi

ROOT = Path(__file__).resolve().parents[2]
NODE = ROOT / "tests" / "node"
PAGE = {"limit", "offset", "cursor"}


def routes() -> dict:
    groups = (importlib.import_module(f"functions.{group}.handler").handler.routes for group in Group)
    return {key: route for group in groups for key, route in group.items()}


def test_the_document_is_openapi() -> None:
    validate(openapi())


@pytest.mark.skipif(not (NODE / "node_modules").exists(), reason="the Node tools of the tests are not installed")
def test_another_validator_says_so_too() -> None:
    assert complaints(openapi()) == []
    assert complaints({**openapi(), "paths": {"no-slash": {}}})


def complaints(document: dict) -> list:
    command = [str(bin_directory() / "node"), str(NODE / "validate-openapi.mjs")]
    run = subprocess.run(command, input=json.dumps(document), capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def test_every_route_has_its_reference() -> None:
    assert OPERATIONS.keys() == routes().keys()


def test_every_row_of_the_catalogue_is_in_the_document() -> None:
    documented = {(method.upper(), path) for path, methods in openapi()["paths"].items() for method in methods}
    assert documented == {(row.method, row.path) for row in ENDPOINTS}


def test_names_mean_one_thing_each() -> None:
    assert [name for name, count in Counter(map(operation_id, ENDPOINTS)).items() if count > 1] == []
    assert [
        name for name in openapi()["components"]["schemas"] if not re.fullmatch(r"[A-Z]\w+", name) or "__" in name
    ] == []


@pytest.mark.parametrize(
    ("key", "operation"), OPERATIONS.items(), ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_query_parameters_are_those_that_the_route_reads(key: tuple[str, str], operation: Operation) -> None:
    source = inspect.getsource(routes()[key])
    read = set(re.findall(r'parameters\.(?:texts?|choice|flag|moment|number)\(\s*"(\w+)"', source))
    if "parameters.page(" in source:
        read |= PAGE
    assert {query.name for query in operation.query} == read


def test_the_service_tells_its_reference(shared: Edge) -> None:
    assert Edge(permissions=()).ok("GET", "/openapi.json") == openapi()


@pytest.mark.parametrize("name", docs.PAGES)
def test_pages_are_up_to_date(name: str) -> None:
    assert (ROOT / "docs" / name).read_text() == docs.PAGES[name](), "run `make docs`"
