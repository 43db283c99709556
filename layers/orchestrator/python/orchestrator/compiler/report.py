"""Collects the findings of one pass over a model."""

from collections.abc import Iterable

from orchestrator.diagnostics import Diagnostic, Severity


class Report:
    """Findings in the order in which they were made; a pass returns them as a tuple when it is done."""

    __slots__ = ("_diagnostics",)

    def __init__(self) -> None:
        self._diagnostics: list[Diagnostic] = []

    def error(self, code: str, message: str, *, element_id: str | None = None, line: int | None = None) -> None:
        """Add a finding that keeps the model from running."""
        self._diagnostics.append(Diagnostic(code, message, element_id, Severity.ERROR, line))

    def warning(self, code: str, message: str, *, element_id: str | None = None, line: int | None = None) -> None:
        """Add a finding that the model runs with."""
        self._diagnostics.append(Diagnostic(code, message, element_id, Severity.WARNING, line))

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add the findings of another pass."""
        self._diagnostics.extend(diagnostics)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All findings so far."""
        return tuple(self._diagnostics)
