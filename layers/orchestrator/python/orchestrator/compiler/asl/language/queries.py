"""Expressions of the model as JSONata texts of the machine; what cannot be translated is a finding at its element."""

from orchestrator.compiler.asl.language.due import due_expression, due_literal
from orchestrator.compiler.asl.language.token import VARIABLES, quote
from orchestrator.compiler.bpmn.model import (
    LITERAL,
    VARIABLE,
    DataObject,
    EventDefinition,
    FlowNode,
    SourceExpression,
)
from orchestrator.compiler.expressions import (
    Expression,
    ExpressionError,
    Language,
    detect,
    emit_condition,
    emit_cycle_goes_on,
    emit_value,
    parse,
    variables_read,
)
from orchestrator.compiler.expressions.ast import Coercion, Literal, Target, Variable
from orchestrator.diagnostics import Diagnostic

TIMER_UNDEFINED = "TIMER_UNDEFINED"


class Queries:
    """Translates expressions, each text once, and remembers which variables they read."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        self._diagnostics = diagnostics
        self._parsed: dict[tuple[str, str | None], Expression | ExpressionError] = {}
        self.variables_read: set[str] = set()

    def condition(self, source: SourceExpression, element: FlowNode, root: str = VARIABLES) -> str:
        """Return JSONata that yields true or false for any variables; `root` is the object that holds them."""
        expression = self._parse(source, element.id)
        if expression is None:
            return "false"
        return emit_condition(_judged(expression, source), root)

    def value(self, source: SourceExpression, element: FlowNode, root: str = VARIABLES) -> str:
        """Return JSONata that yields a JSON value for any variables."""
        return self._value(source, element.id, root)

    def translated(self, expression: Expression, root: str = VARIABLES) -> str:
        """Return JSONata for an expression that was parsed already."""
        self.variables_read |= variables_read(expression)
        return emit_value(expression, root)

    def read_by(self, source: SourceExpression) -> tuple[str, ...]:
        """Return the variables that an expression reads; none of what cannot be translated."""
        parsed = _parsed(source)
        return () if isinstance(parsed, ExpressionError) else tuple(sorted(variables_read(parsed)))

    def initial(self, item: DataObject) -> str:
        """Return the initial value of a data object."""
        return "null" if item.initial is None else self._value(item.initial, item.id, VARIABLES)

    def due(self, event: EventDefinition, element: FlowNode) -> str:
        """Return the due time of a timer in epoch milliseconds."""
        source = event.expression
        if source is None:
            return self._refuse(TIMER_UNDEFINED, "The timer has no time", element.id, event.line)
        if source.language == LITERAL:
            due = due_literal(source.text, event.timer_kind)
            return due if isinstance(due, str) else self._refuse(due.code, due.message, element.id, source.line)
        expression = self._parse(source, element.id)
        return "0" if expression is None else due_expression(expression, event.timer_kind)

    def goes_on(self, event: EventDefinition, element: FlowNode, turns: str) -> str:
        """Return whether the cycle that an expression yields goes on after so many `turns` (JSONata for a number)."""
        expression = None if event.expression is None else self._parse(event.expression, element.id)
        return "false" if expression is None else emit_cycle_goes_on(expression, turns)

    def _value(self, source: SourceExpression, element_id: str, root: str) -> str:
        if source.language == LITERAL:
            return quote(source.text)
        expression = self._parse(source, element_id)
        return "null" if expression is None else emit_value(expression, root)

    def _parse(self, source: SourceExpression, element_id: str) -> Expression | None:
        key = (source.text, source.language)
        parsed = self._parsed.get(key)
        if parsed is None:
            parsed = self._parsed[key] = _parsed(source)
        if isinstance(parsed, ExpressionError):
            self._refuse(parsed.code, f"'{source.text}': {parsed.message}", element_id, source.line)
            return None
        self.variables_read |= variables_read(parsed)
        return parsed

    def _refuse(self, code: str, message: str, element_id: str, line: int | None) -> str:
        """Report a finding and return JSONata that stands in for what cannot be translated."""
        self._diagnostics.append(Diagnostic(code, message, element_id, line=line))
        return "0"


def _judged(expression: Expression, source: SourceExpression) -> Expression:
    """Whatever Python's conditions yield counts as true or false; elsewhere only true does."""
    python = detect(source.text, source.language) is Language.PYTHON
    return Coercion(Target.JSONATA_TRUTH, expression) if python else expression


def _parsed(source: SourceExpression) -> Expression | ExpressionError:
    if source.language == VARIABLE:
        return Variable(source.text)
    if source.language == LITERAL:
        return Literal(source.text)
    language = detect(source.text, source.language)
    return language if isinstance(language, ExpressionError) else parse(source.text, language)
