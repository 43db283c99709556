"""Texts of a model at run time: literals stand for themselves, expressions are evaluated."""

from datetime import datetime
from typing import Any, Final

from orchestrator.domain.documents import JsonObject

_EXPRESSION_STARTS: Final = ("=", "${", "#{", "{%")


def is_expression(text: str) -> bool:
    """Tell whether a modelled text is an expression, by its form."""
    return text.startswith(_EXPRESSION_STARTS)


def value_of(text: str, variables: JsonObject, now: datetime) -> Any:  # noqa: ARG001 - the port's signature
    """The value of a modelled text; None for an expression that has none."""
    return None if is_expression(text) else text
