"""Rows of the tables, and which kinds of them an endpoint must have."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from orchestrator.api.endpoints import ENDPOINTS, Endpoint, Permission
from orchestrator.api.reference.operations import OPERATIONS
from tests.api.bad_input.schemas import Kind, faults, query_faults
from tests.api.reference import openapi

Json = dict[str, Any]
ALL_PERMISSIONS = tuple(str(permission) for permission in Permission)
#: what belongs to a project, if to any: for callers of another one it does not exist
PROJECTS_OWN = ("/workflow-instances/{id}", "/tasks/{id}", "/events/webhook/{id}", "/execution/batches/{id}")
#: changes of one thing that the body names
NAMED_IN_BODY = {("PUT", "/tasks/claim"), ("POST", "/execution/batch-cancel"), ("POST", "/execution/priority")}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One bad request and its answer; `text` is the body, `named` the field that the answer names.

    `$NAMES`, in path and body, stand for what is in the world.
    """

    kind: Kind
    path: str
    status: int = 400
    code: str = "INVALID_REQUEST"
    text: str | None = None
    query: tuple[tuple[str, str], ...] = ()
    named: str | None = None
    permissions: tuple[str, ...] = ALL_PERMISSIONS
    projects: str | None = None


def operation_of(row: Endpoint) -> Json:
    """What the OpenAPI document says of an endpoint."""
    return openapi()["paths"][row.path][row.method.lower()]


def body_of(row: Endpoint) -> Json | None:
    """The schema of its body."""
    stated = operation_of(row).get("requestBody")
    return stated and stated["content"]["application/json"]["schema"]


def queries_of(row: Endpoint) -> dict[str, Json]:
    """The schemas of its query parameters."""
    parameters = (parameter for parameter in operation_of(row).get("parameters", ()) if parameter.get("in") == "query")
    return {parameter["name"]: parameter["schema"] for parameter in parameters}


def is_projects_own(row: Endpoint) -> bool:
    """Tell whether it is about one thing that may be a project's, and asks for a token that may be confined to others."""
    is_there = row.path.startswith(PROJECTS_OWN) or (row.method, row.path) in NAMED_IN_BODY
    return is_there and row.permission is not None


def applying(row: Endpoint) -> frozenset[Kind]:
    """The kinds of which an endpoint has rows, by what the OpenAPI document says of it."""
    return frozenset(_applying(row))


def _applying(row: Endpoint) -> Iterator[Kind]:
    body = body_of(row)
    if body is not None:
        yield from (fault.kind for fault in faults(body))
    for schema in queries_of(row).values():
        yield from (fault.kind for fault in query_faults(schema))
    if row.permission is not None:
        yield Kind.UNKNOWN_FIELD
    if "{" in row.path or (row.method, row.path) in NAMED_IN_BODY:
        yield Kind.UNKNOWN_ID
    if 409 in OPERATIONS[row.method, row.path].errors:
        yield Kind.WRONG_STATE
    if row.permission is not None:
        yield Kind.NO_PERMISSION
    if is_projects_own(row):
        yield Kind.OTHER_PROJECT


def key(row: Endpoint) -> tuple[str, str]:
    """Method and path."""
    return row.method, row.path


BY_KEY = {key(row): row for row in ENDPOINTS}
