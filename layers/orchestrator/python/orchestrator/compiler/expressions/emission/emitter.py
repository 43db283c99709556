"""Write a whole expression: as condition, as value, as test of an input."""

from orchestrator.compiler.expressions.ast import Call, Expression, RangeLiteral, TemporalLiteral, Variable
from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.emission import conditions
from orchestrator.compiler.expressions.emission.calls import call
from orchestrator.compiler.expressions.emission.code import Code
from orchestrator.compiler.expressions.emission.loops import loop
from orchestrator.compiler.expressions.emission.prelude import with_prelude
from orchestrator.compiler.expressions.emission.scope import Scope
from orchestrator.compiler.expressions.emission.values import operation, present, simple_value
from orchestrator.compiler.expressions.traversal import walk

ROOT = "$states.input.variables"
CLOCK = "$states.input.clock"

_TAGGING = frozenset(
    {Builtin.DATE, Builtin.TIME, Builtin.DATE_AND_TIME, Builtin.DURATION, Builtin.MONTHS_BETWEEN, Builtin.NOW}
    | {Builtin.TODAY, Builtin.DAY_OF_WEEK, Builtin.DAY_OF_YEAR, Builtin.WEEK_OF_YEAR, Builtin.MONTH_OF_YEAR}
    | {Builtin.LAST_DAY_OF_MONTH, Builtin.IS, Builtin.BEFORE, Builtin.AFTER, Builtin.MEETS, Builtin.MET_BY}
    | {Builtin.OVERLAPS, Builtin.OVERLAPS_BEFORE, Builtin.OVERLAPS_AFTER, Builtin.FINISHES, Builtin.FINISHED_BY}
    | {Builtin.INCLUDES, Builtin.DURING, Builtin.STARTS, Builtin.STARTED_BY, Builtin.COINCIDES}
)


class Emitter:
    """Implements `Translation`."""

    def __init__(self, *, tagged: bool) -> None:
        self.tagged = tagged

    def value(self, node: Expression, scope: Scope) -> Code:
        """Write the value."""
        if isinstance(node, Variable):
            return scope.resolve(node.name)
        for writer in (simple_value, operation, loop, call):
            code = writer(self, node, scope)
            if code is not None:
                return code
        raise TypeError(f"{type(node).__name__} has no value of its own")

    def true(self, node: Expression, scope: Scope) -> Code:
        """Write whether the value is true."""
        return conditions.true(self, node, scope)

    def false(self, node: Expression, scope: Scope) -> Code:
        """Write whether the value is false."""
        return conditions.false(self, node, scope)


def emit_condition(expression: Expression, root: str = ROOT, *, clock: str = CLOCK) -> str:
    """Write JSONata that is true where the expression is true, and false in any other case.

    `root` is JSONata for the object of the process variables, `clock` for the epoch milliseconds that are now. The
    text has no `{% %}` around it. For any variables it yields exactly true or false.
    """
    emitter = Emitter(tagged=_is_tagged(expression))
    return with_prelude(emitter.true(expression, Scope(root, clock)).text, tagged=emitter.tagged)


def emit_value(expression: Expression, root: str = ROOT, *, clock: str = CLOCK) -> str:
    """Write JSONata for the value: any JSON value, null where the expression has none, never undefined.

    Temporal values become ISO 8601 texts. Parameters as of `emit_condition`.
    """
    emitter = Emitter(tagged=_is_tagged(expression))
    code = present(emitter.value(expression, Scope(root, clock)))
    text = f"$plain({code.text})" if emitter.tagged else code.text
    return with_prelude(text, tagged=emitter.tagged)


def emit_unary_tests(expression: Expression, input_text: str, root: str = ROOT, *, clock: str = CLOCK) -> str:
    """Write JSONata for the tests of a decision table's cell against the input value that `input_text` yields."""
    emitter = Emitter(tagged=_is_tagged(expression))
    scope = Scope(root, clock, input="$input")
    text = emitter.true(expression, scope).text
    return with_prelude(f"($input := {input_text}; {text})", tagged=emitter.tagged)


def _is_tagged(expression: Expression) -> bool:
    return any(
        isinstance(node, TemporalLiteral | RangeLiteral) or (isinstance(node, Call) and node.function in _TAGGING)
        for node in walk(expression)
        if not hasattr(node, "domain")
    )
