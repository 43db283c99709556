"""The endpoint catalogue, the routes and the permissions agree."""

import importlib
import re

import pytest

from orchestrator.api.endpoints import ENDPOINTS, Endpoint, Group
from tests.api.edge import Edge, shared  # noqa: F401 - a fixture


def routed(group: Group) -> set[tuple[str, str]]:
    return set(importlib.import_module(f"functions.{group}.handler").handler.routes)


def test_the_routes_of_each_function_are_its_rows_of_the_catalogue(shared: Edge) -> None:
    for group in Group:
        rows = {(row.method, row.path) for row in ENDPOINTS if row.group is group}
        assert routed(group) == rows, group


def test_the_spec_has_46_endpoints() -> None:
    assert len([row for row in ENDPOINTS if not row.addition]) == 46


def row_id(row: Endpoint) -> str:
    return f"{row.method} {row.path}"


@pytest.mark.parametrize("row", [row for row in ENDPOINTS if row.permission is not None], ids=row_id)
def test_each_endpoint_names_the_permission_that_is_missing(shared: Edge, row: Endpoint) -> None:
    answer = Edge(permissions=("other:read",)).call(row.method, re.sub(r"\{[^}]+\}", "x", row.path))
    assert answer.status == 403
    assert answer.error["code"] == "FORBIDDEN"
    assert answer.error["details"]["required_permission"] == row.permission
