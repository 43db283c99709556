"""Expressions of BPMN and DMN files, translated to JSONata that runs on Step Functions.

    text --detect, parse--> tree --emit_condition, emit_value--> JSONata
                             |---evaluate---> the same value, in Python

The tree means what FEEL means (DMN 1.5). Emitted text is total: for any process variables a condition yields true or
false and a value yields a JSON value, because on Step Functions an undefined result or a type error ends the
execution. What cannot be said faithfully in JSONata is refused when it is parsed.

Numbers are IEEE 754 doubles, as everywhere on Step Functions; FEEL's decimals of 34 digits are not available.
How temporal values and strings meet is described in `temporal`.
"""

from orchestrator.compiler.expressions.ast import Expression
from orchestrator.compiler.expressions.emission.due import (
    emit_cycle_goes_on,
    emit_due_after,
    emit_due_after_value,
    emit_due_at_value,
    emit_due_in_cycle,
)
from orchestrator.compiler.expressions.emission.emitter import (
    CLOCK,
    ROOT,
    emit_condition,
    emit_unary_tests,
    emit_value,
)
from orchestrator.compiler.expressions.errors import ErrorCode, ExpressionError
from orchestrator.compiler.expressions.evaluation.evaluator import evaluate
from orchestrator.compiler.expressions.language import Language, detect
from orchestrator.compiler.expressions.parse import parse, parse_unary_tests
from orchestrator.compiler.expressions.traversal import free_names as variables_read

__all__ = [
    "CLOCK",
    "ROOT",
    "ErrorCode",
    "Expression",
    "ExpressionError",
    "Language",
    "detect",
    "emit_condition",
    "emit_cycle_goes_on",
    "emit_due_after",
    "emit_due_after_value",
    "emit_due_at_value",
    "emit_due_in_cycle",
    "emit_unary_tests",
    "emit_value",
    "evaluate",
    "parse",
    "parse_unary_tests",
    "variables_read",
]
