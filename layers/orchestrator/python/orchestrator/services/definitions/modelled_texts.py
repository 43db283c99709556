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


def is_true(text: str, language: str | None, variables: JsonObject, now: datetime) -> bool:
    """Tell whether a modelled condition holds: Python's by its truth, those of other languages if they yield true."""
    from orchestrator.compiler.expressions import Language, detect  # noqa: PLC0415 - few models need it
    from orchestrator.compiler.expressions.evaluation.evaluator import evaluate  # noqa: PLC0415 - as above

    expression = _parsed(text, language)
    if expression is None:
        return False
    value = evaluate(expression, variables, now=now)
    return bool(value) if detect(text, language) is Language.PYTHON else value is True


@lru_cache(maxsize=1024)
def _parsed(text: str, given: str | None = None) -> Any:
    from orchestrator.compiler.expressions import ExpressionError, detect, parse  # noqa: PLC0415 - as above

    language = detect(text, given)
    expression = language if isinstance(language, ExpressionError) else parse(text, language)
    return None if isinstance(expression, ExpressionError) else expression
