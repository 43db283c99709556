"""The start events of a version that is published: names are evaluated now, once, without variables."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from orchestrator.compiler.catalogue import Catalogue, CatalogueStart
from orchestrator.diagnostics import Diagnostic
from orchestrator.domain.definition import DefinitionStatus
from orchestrator.domain.errors import ModelRejected
from orchestrator.domain.start_event import StartEvent, StartKind
from orchestrator.ports import Expressions

START_EVENT_UNRESOLVED: Final = "START_EVENT_UNRESOLVED"


def start_events(catalogue: Catalogue, expressions: Expressions, now: datetime) -> tuple[StartEvent, ...]:
    """What starts instances of the process by itself.

    Raises:
        ModelRejected: the name of a message or signal is an expression that has no value without variables.
    """
    findings: list[Diagnostic] = []
    found = tuple(_resolved(catalogue, expressions, now, findings))
    if findings:
        raise ModelRejected("The model has errors", current_status=DefinitionStatus.VALIDATED, findings=tuple(findings))
    return found


def _resolved(
    catalogue: Catalogue, expressions: Expressions, now: datetime, findings: list[Diagnostic]
) -> Iterator[StartEvent]:
    for start in catalogue.starts:
        if start.kind not in set(StartKind):
            continue
        name = expressions(start.text or "", {}, now)
        if isinstance(name, str) and name:
            yield StartEvent(element_id=start.element_id, kind=StartKind(start.kind), name=name)
        else:
            findings.append(_unresolved(start))


def _unresolved(start: CatalogueStart) -> Diagnostic:
    message = f"'{start.text}' has no value without variables: nothing is known yet when a start event begins to wait"
    return Diagnostic(START_EVENT_UNRESOLVED, message, start.element_id)
