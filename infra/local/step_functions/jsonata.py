"""JSONata as Step Functions evaluates it: `{% ... %}` strings anywhere in a template, undefined is an error.

Source: Step Functions developer guide, "Transforming data with JSONata".
"""

import hashlib
import json
import math
import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from jsonata.jsonata import Jsonata
from jsonata.utils import Utils

from infra.local.step_functions.failures import ErrorName, StateFailure
from infra.local.step_functions.values import is_array, is_object

_LARGEST_EXACT_INTEGER = 2**53
_LONGEST_RANGE = 1000
_NULL: Any = Utils.NULL_VALUE


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression sees: `$states` and the variables."""

    states: Mapping[str, Any]
    variables: Mapping[str, Any]


def is_expression(value: object) -> bool:
    """Whether the string is a JSONata expression between `{%` and `%}`."""
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}")


def evaluate(template: Any, scope: Scope) -> Any:
    """The template with each expression in it replaced by its value.

    Raises:
        StateFailure: States.QueryEvaluationError, when an expression fails or is undefined.
    """
    if isinstance(template, str):
        return _evaluate_expression(template, scope) if is_expression(template) else template
    if is_object(template):
        return {key: evaluate(value, scope) for key, value in template.items()}
    if is_array(template):
        return [evaluate(value, scope) for value in template]
    return template


def _evaluate_expression(text: str, scope: Scope) -> Any:
    try:
        expression = compiled(text[2:-2].strip())
        bindings = {name: _NULL if value is None else value for name, value in scope.variables.items()}
        Jsonata.CURRENT.jsonata = expression  # a cached expression is not the one that was constructed last
        return _defined(expression.evaluate(None, {**bindings, "states": scope.states}))
    except (Exception, RecursionError) as error:
        cause = f"The JSONata expression '{text[2:-2].strip()}' failed: {error}"
        raise StateFailure(ErrorName.QUERY_EVALUATION_ERROR, cause) from error


def _defined(result: Any) -> Any:
    if result is None:
        raise ValueError("it returned nothing (undefined)")
    return plain(result)


@lru_cache(maxsize=8192)
def compiled(text: str) -> Jsonata:
    """The parsed expression with the functions that Step Functions adds; raises the parser's error."""
    expression = Jsonata(text)
    expression.output_convert_nulls = False
    expression.validate_input = False
    for name, function in _FUNCTIONS.items():
        expression.register_lambda(name, function)
    return expression


def plain(value: Any) -> Any:
    """Python JSON out of a JSONata result, copied; whole numbers are integers, as JavaScript prints them."""
    if value is _NULL or value is None or isinstance(value, (bool, int, str)):
        return None if value is _NULL else value
    if isinstance(value, float):
        return _number(value)
    if is_object(value):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):  # arrays, and the sequences of the range operator
        return [plain(item) for item in cast("Sequence[Any]", value)]
    raise ValueError("it returned a function, which is no JSON")


def _number(value: float) -> float | int:
    if not math.isfinite(value):
        raise ValueError(f"{value} is no JSON number")
    return int(value) if value.is_integer() and abs(value) < _LARGEST_EXACT_INTEGER else value


def _partition(values: Any, size: int) -> list[Any]:
    return [values[start : start + size] for start in range(0, len(values), size)]


def _range(first: int, last: int, step: int) -> list[int]:
    found = list(range(first, last + (1 if step > 0 else -1), step))
    if len(found) > _LONGEST_RANGE:
        raise ValueError(f"$range yields at most {_LONGEST_RANGE} numbers")
    return found


def _hash(text: str, algorithm: str) -> str:
    return hashlib.new(algorithm.replace("-", "").lower(), text.encode()).hexdigest()


def _random(seed: float | None = None) -> float:
    return random.Random(seed).random()  # noqa: S311 - what the language offers, no secret


def _no_eval(*_: object) -> Any:
    raise ValueError("$eval is not supported by Step Functions")


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "eval": _no_eval,
    "hash": _hash,
    "parse": json.loads,
    "partition": _partition,
    "random": _random,
    "range": _range,
    "uuid": lambda: str(uuid.uuid4()),
}
