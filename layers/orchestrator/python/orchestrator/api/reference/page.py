"""The API reference as a page of Markdown, made from the OpenAPI document."""

from collections.abc import Iterator
from typing import Any, Final

Json = dict[str, Any]
_HEAD: Final = """# API

Generated from the code by `make docs`; a running service answers the same as OpenAPI 3.1 at `/openapi.json`.
All bodies are JSON. Unless it says otherwise, an endpoint needs `Authorization: Bearer <JWT>` with the permission
named beside it.

- Unknown fields, wrong types and doubled names in a body are refused with 400, and so are unknown query parameters.
- Creations answer 201 with `Location`, deletions 204 without a body, everything else 200.
- Every answer carries `X-Request-Id` and `X-Correlation-Id`; callers may set the latter. More of this kind, as requests
  that are sent again: [http.md](http.md).
- Times are UTC, ISO 8601 with milliseconds; durations are seconds; what is unknown is `null`.
- Lists are newest first. `offset` reaches 10,000 entries deep, `cursor` (`next_cursor` of the page before) any depth.
- Errors have one shape: `{"error": {"code", "message", "details"}}`.
- A function's errors are problem details (RFC 9457, `application/problem+json`) when `Accept` prefers them, with
  `code` and `details` as extensions; what API Gateway refuses before a function keeps the one shape.
"""


def page(document: Json) -> str:
    """Endpoints by group, then the shapes they name."""
    return "\n".join([_HEAD, *_errors(document), *_endpoints(document), *_shapes(document)]).rstrip() + "\n"


def _errors(document: Json) -> Iterator[str]:
    yield "## Errors\n"
    yield "| Answer | Meaning |\n|---|---|"
    for name, response in document["components"]["responses"].items():
        yield f"| {name} | {response['description']} |"
    yield ""


def _endpoints(document: Json) -> Iterator[str]:
    for tag in document["tags"]:
        yield f"## {tag['name']}\n"
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if tag["name"] in operation["tags"]:
                    yield from _endpoint(method.upper(), path, operation)


def _endpoint(method: str, path: str, operation: Json) -> Iterator[str]:
    yield f"### {method} `{path}`\n"
    permission = operation.get("x-required-permission")
    needs = f"Needs `{permission}`." if permission else "Needs no token."
    yield f"{operation.get('description', operation['summary'] + '. Not built yet: 501.')} {needs}\n"
    if "requestBody" in operation:
        yield f"Body: {_kind(_schema_of(operation['requestBody']))}\n"
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            yield f"Answer: {status}, {_body_of(response)}\n"
    queries = [parameter for parameter in operation["parameters"] if parameter.get("in") == "query"]
    if queries:
        yield "| Query parameter | Type | |\n|---|---|---|"
        yield from (f"| `{q['name']}` | {_kind(q['schema'])} | {q['description']} |" for q in queries)
        yield ""


def _body_of(response: Json) -> str:
    kinds = response.get("content", {})
    if not kinds:
        return "no body"
    return _kind(_schema_of(response)) if "application/json" in kinds else f"`{', '.join(kinds)}`"


def _schema_of(holder: Json) -> Json:
    return holder["content"]["application/json"]["schema"]


def _shapes(document: Json) -> Iterator[str]:
    yield "## Shapes\n"
    for name, schema in document["components"]["schemas"].items():
        yield f"### {name}\n"
        if "description" in schema:
            yield f"{schema['description']}\n"
        if "enum" in schema:
            yield _values(schema["enum"]) + "\n"
        if schema.get("properties"):
            yield "| Field | Type | Default |\n|---|---|---|"
            yield from (_field(field, inner, schema) for field, inner in schema["properties"].items())
            yield ""


def _field(name: str, schema: Json, owner: Json) -> str:
    default = "required" if name in owner.get("required", []) else f"`{schema.get('default')}`"
    return f"| `{name}` | {_kind(schema)} | {default.replace('`None`', '')} |"


def _kind(schema: Json) -> str:
    """The type of a schema in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_kind(option) for option in schema["anyOf"])
    if "enum" in schema:
        return _values(schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    return _plain(schema)


def _plain(schema: Json) -> str:
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("format") == "date-time":
        return "time"
    kind = schema.get("type", "anything")
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None:
        return f"{kind} from {least} to {most}"
    return f"{kind} from {least}" if least is not None else kind


def _values(values: list[Any]) -> str:
    return ", ".join(f"`{value}`" for value in values)
