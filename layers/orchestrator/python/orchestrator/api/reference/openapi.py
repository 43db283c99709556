"""The OpenAPI 3.1 document, made from the endpoint catalogue and the operations: a pure function of the code."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from orchestrator.api import problems
from orchestrator.api.endpoints import ENDPOINTS, Endpoint, Group
from orchestrator.api.idempotency import LONGEST, REPLAYED
from orchestrator.api.reference.operation import Operation, Query
from orchestrator.api.reference.operations import OPERATIONS
from orchestrator.api.reference.shapes import ErrorBody, Problem
from orchestrator.api.versions import VERSIONED, is_conditional
from orchestrator.domain.repetition import HEADER

Json = dict[str, Any]
TITLE: Final = "Task Orchestrator"
_ABOUT: Final = (
    "Runs BPMN 2.0 models as AWS Step Functions state machines: people, AI agents and services do the tasks."
)
TAGS: Final = {
    Group.DEFINITIONS: "Workflow Definitions",
    Group.INSTANCES: "Workflow Instances",
    Group.TASKS: "Task Management",
    Group.EXECUTION: "Execution Control",
    Group.INSIGHTS: "Monitoring & Analytics",
    Group.EVENTS: "Event Management",
    Group.RESOURCES: "Resource Management",
    Group.HEALTH: "Health & Monitoring",
}
#: status -> what it means here
ERRORS: Final = {
    400: "A field or parameter is wrong: `details` names `field` and `reason`",
    401: "The token is missing, invalid or expired",
    403: "The token lacks `details.required_permission`",
    404: "No such resource that the caller may see: `details` names `resource_type` and `resource_id`",
    409: "The resource's state does not allow it: `details.current_status`; or a request with this idempotency key is "
    "being carried out (`REQUEST_IN_PROGRESS`): come again after `Retry-After` seconds",
    412: "The resource has changed since it was read: `details.current_version` is not what `If-Match` expects",
    413: "The payload is too large: `details` names `field`, `size` and `limit` in bytes",
    422: "The idempotency key was used for another request (`IDEMPOTENCY_KEY_REUSED`)",
    429: "Too many requests: come again after `Retry-After` seconds",
    500: "A fault of the service: `details.correlation_id` finds it in the log",
    501: "Not built yet",
    503: "A part does not answer now: come again after `Retry-After` seconds",
}
_ALWAYS: Final = (400, 429, 500, 503)
_BEHIND_THE_AUTHORIZER: Final = (401, 403)
_REF: Final = "#/components/schemas/{model}"
_EVERYWHERE: Final = ("X-Request-Id", "X-Correlation-Id")
_WAITING: Final = (409, 429, 503)
_REPEATABLE: Final = (400, 409, 422)


def document(*, version: str, server: str = ".") -> Json:
    """The whole API. `version` is the service's, `server` the base URL, relative to where the document is."""
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": version, "description": _ABOUT, "license": {"name": "MIT"}},
        "servers": [{"url": server}],
        "security": [{"bearer": []}],
        "tags": [{"name": name} for name in TAGS.values()],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "headers": _headers(),
            "parameters": _parameters(),
            "responses": {_name(status): _error(status) for status in ERRORS},
            "schemas": _schemas(),
        },
    }


def _paths() -> Json:
    paths: Json = {}
    for row in ENDPOINTS:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row, OPERATIONS.get((row.method, row.path)))
    return paths


def _operation(row: Endpoint, operation: Operation | None) -> Json:
    shape: Json = {
        "operationId": operation_id(row),
        "summary": row.summary,
        "tags": [TAGS[row.group]],
        "parameters": [
            *_path_parameters(row.path),
            *(_parameter(query) for query in _query(operation)),
            *_header_parameters(row),
        ],
        "responses": {**_success(row, operation), **_failures(row, operation)},
    }
    if row.permission is None:
        shape["security"] = []
    else:
        shape["x-required-permission"] = str(row.permission)
    if operation is not None:
        shape["description"] = operation.description
        shape |= _body(operation.body)
    return shape


def operation_id(row: Endpoint) -> str:
    """`List workflow definitions` -> `listWorkflowDefinitions`."""
    first, *others = re.findall(r"\w+", row.summary)
    return first.lower() + "".join(word[0].upper() + word[1:] for word in others)


def _path_parameters(path: str) -> Iterator[Json]:
    for name in re.findall(r"\{(\w+)\}", path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _header_parameters(row: Endpoint) -> Iterator[Json]:
    if row.method == "POST":
        yield {"$ref": f"#/components/parameters/{HEADER}"}
    if is_conditional(row):
        yield {"$ref": "#/components/parameters/If-Match"}
    if _is_versioned(row):
        yield {"$ref": "#/components/parameters/If-None-Match"}


def _is_versioned(row: Endpoint) -> bool:
    return row.method == "GET" and row.path in VERSIONED


def _parameters() -> Json:
    key: Json = {
        "name": HEADER,
        "in": "header",
        "description": "Chosen by the caller: the same request sent again with it within 24 hours is answered again, "
        "and carried out once",
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST},
    }
    match: Json = {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag of the resource as the caller has read it: of another version it is not changed (412)",
        "schema": {"type": "string"},
    }
    none: Json = {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag that the caller has: answers 304 without a body while it is the current one",
        "schema": {"type": "string"},
    }
    return {str(each["name"]): each for each in (key, match, none)}


def _query(operation: Operation | None) -> tuple[Query, ...]:
    return operation.query if operation else ()


def _parameter(query: Query) -> Json:
    return {"name": query.name, "in": "query", "schema": query.schema, "description": query.description}


def _body(model: type[BaseModel] | None) -> Json:
    if model is None:
        return {}
    required = any(field.is_required() for field in model.model_fields.values())
    return {"requestBody": {"required": required, "content": _content(model)}}


def _content(model: type[BaseModel]) -> Json:
    return {"application/json": {"schema": {"$ref": _REF.format(model=model.__name__)}}}


def _success(row: Endpoint, operation: Operation | None) -> Json:
    if operation is None:
        return {}
    answer: Json = {"description": HTTPStatus(operation.status).phrase, "headers": _sent(*_EVERYWHERE)}
    if operation.answer is not None:
        answer["content"] = _content(operation.answer)
    if operation.text is not None:
        answer["content"] = {operation.text: {"schema": {"type": "string"}}}
    if row.method == "POST":
        answer["headers"] |= _sent(REPLAYED)
    if operation.status == HTTPStatus.CREATED:
        answer["headers"] |= _sent("Location")
    if _is_versioned(row):
        answer["headers"] |= _sent("ETag")
        return {str(operation.status): answer, "304": _not_modified()}
    return {str(operation.status): answer}


def _not_modified() -> Json:
    return {"description": "The caller has it already", "headers": _sent(*_EVERYWHERE, "ETag")}


def _failures(row: Endpoint, operation: Operation | None) -> Json:
    statuses = {*_ALWAYS, *(operation.errors if operation else (501,))}
    if row.permission is not None:
        statuses |= {*_BEHIND_THE_AUTHORIZER}
    if "{" in row.path:
        statuses |= {404}
    if row.method == "POST":
        statuses |= {*_REPEATABLE}
    if is_conditional(row):
        statuses |= {412}
    return {str(status): {"$ref": f"#/components/responses/{_name(status)}"} for status in sorted(statuses)}


def _name(status: int) -> str:
    return HTTPStatus(status).phrase.replace(" ", "").replace("-", "")


def _error(status: int) -> Json:
    headers = _sent(*_EVERYWHERE, "Retry-After") if status in _WAITING else _sent(*_EVERYWHERE)
    problem = {problems.CONTENT_TYPE: {"schema": {"$ref": _REF.format(model=Problem.__name__)}}}
    content = _content(ErrorBody) | problem
    return {"description": ERRORS[status], "headers": headers, "content": content}


def _sent(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _headers() -> Json:
    text = {"type": "string"}
    return {
        "X-Request-Id": {"description": "Names the request in the service's logs", "schema": text},
        "X-Correlation-Id": {"description": "The caller's own id of the request, or the request's", "schema": text},
        "ETag": {"description": "Version of the resource, and digest of the answer", "schema": text},
        REPLAYED: {"description": "`true`: the answer was given before", "schema": text},
        "Location": {"description": "Where the new resource is", "schema": text},
        "Retry-After": {"description": "Seconds", "schema": {"type": "integer", "minimum": 0}},
    }


def _schemas() -> Json:
    models: dict[str, type[BaseModel]] = {model.__name__: model for model in (ErrorBody, Problem)}
    for operation in OPERATIONS.values():
        models |= {model.__name__: model for model in (operation.body, operation.answer) if model is not None}
    _, schema = models_json_schema([(model, "validation") for model in models.values()], ref_template=_REF)
    return dict(sorted(schema["$defs"].items()))
