"""Texts of a model at run time: literals stand for themselves, expressions are evaluated."""

from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from orchestrator.domain.documents import JsonObject

_EXPRESSION_STARTS: Final = ("=", "${", "#{", "{%")


def is_expression(text: str) -> bool:
    """Tell whether a modelled text is an expression, by its form."""
    return text.strip().startswith(_EXPRESSION_STARTS)


def value_of(text: str, variables: JsonObject, now: datetime) -> Any:
    """The value of a modelled text as JSON; None for an expression that cannot be read or has no value."""
    if not is_expression(text):
        return text
    from orchestrator.compiler.expressions.evaluation.evaluator import evaluate  # noqa: PLC0415 - few models need it

    expression = _parsed(text)
    return None if expression is None else evaluate(expression, variables, now=now)


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Any:
    from orchestrator.compiler.expressions import ExpressionError, detect, parse  # noqa: PLC0415 - as above

    language = detect(text)
    expression = language if isinstance(language, ExpressionError) else parse(text, language)
    return None if isinstance(expression, ExpressionError) else expression
