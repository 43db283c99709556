"""Expressions of the model as JSONata texts of the machine; findings name the element."""

from orchestrator.compiler.bpmn.model import DataObject, EventDefinition, FlowNode, SourceExpression
from orchestrator.diagnostics import Diagnostic


class Queries:
    """Translates expressions and remembers which variables they read."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        self._diagnostics = diagnostics
        self.variables_read: set[str] = set()

    def condition(self, source: SourceExpression, element: FlowNode, root: str = "$states.input.variables") -> str:
        """Return JSONata that yields true or false for any variables."""
        return self._plain(source)

    def value(self, source: SourceExpression, element: FlowNode, root: str = "$states.input.variables") -> str:
        """Return JSONata that yields a JSON value for any variables."""
        return self._plain(source)

    def initial(self, item: DataObject) -> str:
        """Return the initial value of a data object as JSONata."""
        return "null" if item.initial is None else self._plain(item.initial)

    def due(self, event: EventDefinition, element: FlowNode) -> str:
        """Return the due time of a timer in epoch milliseconds as JSONata, counted from the token's clock."""
        return "($states.input.clock + 60000)"

    def _plain(self, source: SourceExpression) -> str:
        text = source.text.strip()
        return text.removeprefix("{%").removesuffix("%}").strip()
