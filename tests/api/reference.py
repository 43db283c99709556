"""The reference of the API, as a judge of answers."""

from functools import cache
from typing import Any

from orchestrator.api.endpoints import Endpoint
from orchestrator.api.reference.openapi import document
from orchestrator.api.reference.operations import OPERATIONS
from orchestrator.api.reference.shapes import ErrorBody, Problem

BAD_REQUEST = 400
NOT_MODIFIED = 304


@cache
def openapi() -> dict[str, Any]:
    return document(version="1.0.0")


def check(row: Endpoint, status: int, text: str) -> None:
    """The answer is a documented one: its status, and every field with name and type."""
    documented = openapi()["paths"][row.path][row.method.lower()]["responses"]
    assert str(status) in documented, f"{row.method} {row.path} answers {status}, which is not documented: {text}"
    operation = OPERATIONS.get((row.method, row.path))
    if status == NOT_MODIFIED:
        assert text == ""
        return
    if status >= BAD_REQUEST and '"title":' in text:
        Problem.model_validate_json(text, strict=True)
    elif operation is None or (status != operation.status and "error" in text):
        ErrorBody.model_validate_json(text)
    elif operation.text is not None:
        assert text
    elif operation.answer is None:
        assert text == ""
    else:
        operation.answer.model_validate_json(text, strict=True)
