"""The built-in functions in Python, by name."""

from collections.abc import Callable

from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.evaluation.builtins.contexts import CONTEXTS
from orchestrator.compiler.expressions.evaluation.builtins.lists import LISTS
from orchestrator.compiler.expressions.evaluation.builtins.numbers import NUMBERS
from orchestrator.compiler.expressions.evaluation.builtins.ranges import RANGES
from orchestrator.compiler.expressions.evaluation.builtins.strings import STRINGS
from orchestrator.compiler.expressions.evaluation.builtins.temporals import TEMPORALS
from orchestrator.compiler.expressions.evaluation.values import Value

FUNCTIONS: dict[Builtin, Callable[..., Value]] = STRINGS | LISTS | NUMBERS | CONTEXTS | TEMPORALS | RANGES
"""Every function but `now` and `today`, which need the clock."""
