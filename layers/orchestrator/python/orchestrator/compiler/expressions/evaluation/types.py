"""FEEL's `instance of` (DMN 1.5, 10.3.2.9)."""

from orchestrator.compiler.expressions.ast import FeelType
from orchestrator.compiler.expressions.evaluation.values import Value, kind

_NAMES = {"list": "array", "context": "object", "Null": "null"}


def is_instance(value: Value, wanted: FeelType) -> bool:
    """Tell whether a value is of a type; null is only of type Null."""
    if wanted.name == "Any":
        return value is not None
    if kind(value) != _NAMES.get(wanted.name, wanted.name):
        return False
    if wanted.name == "list" and wanted.parameter is not None:
        inner = wanted.parameter
        return all(is_instance(item, inner) for item in value)
    return True
