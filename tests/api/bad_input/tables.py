"""The tables: what the OpenAPI document tells of an endpoint, and what only its meaning does."""

import json
from collections.abc import Iterator

from orchestrator.api.endpoints import Endpoint
from tests.api.bad_input.meant import MEANT
from tests.api.bad_input.row import Row, body_of, is_projects_own, key, queries_of
from tests.api.bad_input.schemas import Fault, Kind, faults, least, query_faults

#: what stands in the path, by its beginning
THINGS = {
    "/workflow-definitions": {"id": "$DEFINITION"},
    "/workflow-instances": {"id": "$RUNNING", "element_id": "case"},
    "/tasks": {"id": "$TASK", "token": "$SECRET"},
    "/execution/batches": {"id": "$BATCH"},
    "/events/webhook": {"id": "$HOOK", "event_id": "$EVENT"},
    "/resources/agents": {"id": "$AGENT"},
    "/resources/services": {"id": "$SERVICE"},
    "/resources/allocation": {"id": "$ALLOCATION"},
    "/docs": {"file": "swagger-ui.css"},
}
#: bodies of which the schema does not tell all that they need
SOUND = {
    ("POST", "/tasks/{id}/reassign"): {"new_assignment": {"agent_type": "human", "agent_id": "ann"}},
    ("PUT", "/workflow-definitions/{id}"): {"name": "n"},
    ("PUT", "/events/webhook/{id}"): {"description": "d"},
    ("PUT", "/resources/agents/{id}"): {"name": "n"},
    ("PUT", "/resources/services/{id}"): {"description": "d"},
}
UNKNOWN = "no-such-id"


def table(row: Endpoint) -> list[Row]:
    """All rows of an endpoint."""
    derived = (*_of_body(row), *_of_query(row), *_of_path(row), *_of_caller(row))
    return [*derived, *MEANT.get(key(row), ())]


def things_of(path: str) -> dict[str, str]:
    """What may stand for the parameters of a path."""
    return next((names for prefix, names in THINGS.items() if path.startswith(prefix)), {})


def path_of(row: Endpoint, **instead: str) -> str:
    """The path of something that is there."""
    path = row.path
    for name, value in {**things_of(path), **instead}.items():
        path = path.replace("{" + name + "}", value)
    return path


def sound(row: Endpoint) -> str | None:
    """A body that nothing is wrong with."""
    schema = body_of(row)
    return None if schema is None else json.dumps(SOUND.get(key(row)) or least(schema))


def _of_body(row: Endpoint) -> Iterator[Row]:
    schema = body_of(row)
    for fault in faults(schema) if schema is not None else ():
        yield Row(kind=fault.kind, path=path_of(row), text=_with(row, fault), named=fault.place or "body")


def _with(row: Endpoint, fault: Fault) -> str:
    """The fault in a body that is sound otherwise."""
    if not isinstance(fault.value, dict):
        return json.dumps(fault.value)
    at = fault.place.partition(".")[0]
    needed = {name: value for name, value in SOUND.get(key(row), {}).items() if name != at}
    return json.dumps({**fault.value, **needed})


def _of_query(row: Endpoint) -> Iterator[Row]:
    for name, schema in queries_of(row).items():
        for fault in query_faults(schema):
            yield Row(kind=fault.kind, path=path_of(row), query=((name, fault.value),), named=name)
    if row.permission is not None:
        yield Row(
            kind=Kind.UNKNOWN_FIELD, path=path_of(row), text=sound(row), query=(("surprise", "1"),), named="surprise"
        )


def _of_path(row: Endpoint) -> Iterator[Row]:
    unknown = {"kind": Kind.UNKNOWN_ID, "text": sound(row), "status": 404, "code": "RESOURCE_NOT_FOUND"}
    for name in ("id", "event_id", "token", "file"):
        if "{" + name + "}" in row.path:
            yield Row(path=path_of(row, **{name: UNKNOWN}), **unknown)


def _of_caller(row: Endpoint) -> Iterator[Row]:
    if row.permission is not None:
        yield Row(
            kind=Kind.NO_PERMISSION,
            path=path_of(row),
            text=sound(row),
            status=403,
            code="FORBIDDEN",
            permissions=tuple(str(other) for other in type(row.permission) if other is not row.permission),
        )
    if is_projects_own(row) and "{id}" in row.path:
        yield Row(
            kind=Kind.OTHER_PROJECT,
            path=path_of(row),
            text=sound(row),
            status=404,
            code="RESOURCE_NOT_FOUND",
            projects="p2",
        )
