"""The bodies of the API as typed dictionaries."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

Schema = Mapping[str, Any]
_WIDTH: Final = 112
_PLAIN: Final = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "array": "list[Any]",
    "object": "dict[str, Any]",
}
_HEAD: Final = '''"""Requests and answers of the API (generated from its OpenAPI document: `make docs`)."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, Required, TypeAlias, TypedDict
'''


def render_shapes(document: Schema) -> str:
    """Return the module of all schemas, and of the query parameters of each operation."""
    schemas: dict[str, Schema] = document["components"]["schemas"]
    parts = [_HEAD, *(_shape(name, schema) for name, schema in schemas.items()), *_queries(document)]
    return "\n\n".join(parts)


def annotation(schema: Schema) -> str:
    """Return the Python type of a JSON schema."""
    if "$ref" in schema:
        return reference(schema)
    if "enum" in schema or "const" in schema:
        return f"Literal[{', '.join(map(json.dumps, schema.get('enum', [schema.get('const')])))}]"
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return " | ".join(dict.fromkeys(map(annotation, choices)))
    return _of_type(schema)


def _of_type(schema: Schema) -> str:
    kind, items, more = str(schema.get("type", "")), schema.get("items"), schema.get("additionalProperties")
    if kind == "array" and items:
        return f"list[{annotation(items)}]"
    if kind == "object" and isinstance(more, dict):
        return f"dict[str, {annotation(cast('Schema', more))}]"
    return _PLAIN.get(kind, "Any")


def reference(schema: Schema) -> str:
    """Return the name of the schema that another one refers to."""
    return str(schema["$ref"]).rpartition("/")[2]


def docstring(text: str, indent: str) -> str:
    """Return a text as a docstring: its first sentence, and the others in lines of their own."""
    words = " ".join(text.split()).replace("\\", "/")
    if len(words) <= _WIDTH - len(indent):
        return f'{indent}"""{words}"""'
    lines = textwrap.wrap(words, _WIDTH - len(indent), initial_indent='"""', break_long_words=False)
    return "\n".join(f"{indent}{line}" for line in [*lines, '"""'])


def operations(document: Schema) -> Iterator[tuple[str, str, Schema]]:
    """Yield method, path and operation of everything that answers JSON."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in {"get", "post", "put", "delete"} and answer(operation) is not None:
                yield method.upper(), path, operation


def answer(operation: Schema) -> str | None:
    """Return the schema of the answer: "" where there is no body, None where the body is no JSON."""
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            content = response.get("content", {})
            if not content:
                return ""
            return reference(content["application/json"]["schema"]) if "application/json" in content else None
    return None


def query_of(operation: Schema) -> list[Schema]:
    """Return the query parameters of an operation."""
    return [parameter for parameter in operation.get("parameters", []) if parameter.get("in") == "query"]


def query_name(operation: Schema) -> str:
    """Return the name of the typed dictionary of an operation's query parameters."""
    identity = str(operation["operationId"])
    return f"{identity[0].upper()}{identity[1:]}Query"


def _queries(document: Schema) -> Iterator[str]:
    for _, _, operation in operations(document):
        if parameters := query_of(operation):
            fields = {str(one["name"]): one["schema"] for one in parameters}
            required = {str(one["name"]) for one in parameters if one.get("required")}
            yield _typed(query_name(operation), f"Query of `{operation['operationId']}`.", fields, required)


def _shape(name: str, schema: Schema) -> str:
    if "properties" in schema:
        meaning = schema.get("description") or schema.get("title") or name
        return _typed(name, meaning, schema["properties"], set(schema.get("required", [])))
    return f'{name}: TypeAlias = "{annotation(schema)}"\n' if "enum" not in schema else _literal(name, schema)


def _literal(name: str, schema: Schema) -> str:
    return f"{name}: TypeAlias = {annotation(schema)}\n"


def _typed(name: str, meaning: str, fields: Mapping[str, Schema], required: set[str]) -> str:
    marks = {True: "Required", False: "NotRequired"}
    lines = [f"    {field}: {marks[field in required]}[{annotation(schema)}]" for field, schema in fields.items()]
    return "\n".join([f"class {name}(TypedDict, total=False):", docstring(str(meaning), "    "), "", *lines, ""])
