"""Collects the findings of one pass over a model, and bounds those of all."""

from collections.abc import Iterable

from orchestrator.diagnostics import Diagnostic, Severity

FINDINGS_OMITTED = "FINDINGS_OMITTED"
MOST_FINDINGS = 1000
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


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


def limited(diagnostics: tuple[Diagnostic, ...], most: int = MOST_FINDINGS) -> tuple[Diagnostic, ...]:
    """Keep at most so many findings, errors before warnings before remarks, in their order.

    What is left out is counted in a closing finding (FINDINGS_OMITTED) as grave as the gravest of it.
    """
    if len(diagnostics) <= most:
        return diagnostics
    ranked = sorted(range(len(diagnostics)), key=lambda index: _RANK[diagnostics[index].severity])
    kept, omitted = sorted(ranked[:most]), ranked[most:]
    message = f"{len(omitted)} more findings are left out; these are the {most} gravest"
    closing = Diagnostic(FINDINGS_OMITTED, message, severity=diagnostics[omitted[0]].severity)
    return (*(diagnostics[index] for index in kept), closing)
