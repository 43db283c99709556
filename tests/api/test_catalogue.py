"""The endpoint catalogue, the routes and the permissions agree; what is not built yet is listed here, and only shrinks."""

import importlib
import re

import pytest

from orchestrator.api.endpoints import ENDPOINTS, Endpoint, Group
from tests.api.edge import Edge, shared  # noqa: F401 - a fixture

#: rows of the catalogue that answer 501 so far
NOT_YET: set[tuple[str, str]] = set()


def routed(group: Group) -> set[tuple[str, str]]:
    return set(importlib.import_module(f"functions.{group}.handler").handler.routes)


def test_every_route_is_a_row_of_the_catalogue(shared: Edge) -> None:
    for group in Group:
        rows = {(row.method, row.path) for row in ENDPOINTS if row.group is group}
        assert routed(group) <= rows, group


def test_the_spec_has_46_endpoints() -> None:
    assert len([row for row in ENDPOINTS if not row.addition]) == 46


def test_what_is_not_built_yet_is_listed(shared: Edge) -> None:
    built = {route for group in Group for route in routed(group)}
    assert {(row.method, row.path) for row in ENDPOINTS} - built == NOT_YET


def row_id(row: Endpoint) -> str:
    return f"{row.method} {row.path}"


@pytest.mark.parametrize("row", [row for row in ENDPOINTS if (row.method, row.path) in NOT_YET], ids=row_id)
def test_what_is_not_built_yet_says_so_in_the_specs_shape(shared: Edge, row: Endpoint) -> None:
    answer = shared.call(row.method, re.sub(r"\{[^}]+\}", "x", row.path))
    assert answer.status == 501
    assert answer.error["code"] == "NOT_IMPLEMENTED"


@pytest.mark.parametrize("row", [row for row in ENDPOINTS if row.permission is not None], ids=row_id)
def test_each_endpoint_names_the_permission_that_is_missing(shared: Edge, row: Endpoint) -> None:
    answer = Edge(permissions=("other:read",)).call(row.method, re.sub(r"\{[^}]+\}", "x", row.path))
    assert answer.status == 403
    assert answer.error["code"] == "FORBIDDEN"
    assert answer.error["details"]["required_permission"] == row.permission
