"""What of the Python client is generated follows the API."""

import re

import pytest

from infra.client.methods import method_name
from infra.client.shapes import annotation, operations
from infra.docs import CLIENT, MODULES, openapi


@pytest.mark.parametrize("name", MODULES)
def test_it_is_that_of_this_api(name: str) -> None:
    assert (CLIENT / name).read_text() == MODULES[name](), "run `make docs`"


def test_every_endpoint_has_a_method_of_its_own() -> None:
    names = [method_name(operation) for _, _, operation in operations(openapi())]
    assert len(set(names)) == len(names)
    written = re.findall(r"def (\w+)", (CLIENT / "operations.py").read_text())
    assert set(names) <= set(written)
    assert len(set(written)) == len(written)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, "str"),
        ({"enum": ["a", "b"]}, 'Literal["a", "b"]'),
        ({"anyOf": [{"$ref": "#/components/schemas/Task"}, {"type": "null"}]}, "Task | None"),
        ({"type": "array", "items": {"type": "integer"}}, "list[int]"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "dict[str, float]"),
        ({"type": "object", "additionalProperties": True}, "dict[str, Any]"),
        ({}, "Any"),
    ],
)
def test_schemas_as_types(schema: dict, expected: str) -> None:
    assert annotation(schema) == expected
