"""What compiles definitions and evaluates expressions."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from orchestrator.compiler.catalogue import Catalogue
from orchestrator.diagnostics import Diagnostic
from orchestrator.domain.documents import JsonObject

if TYPE_CHECKING:
    from orchestrator.compiler.asl.transitions import Transitions
    from orchestrator.compiler.flow.findings import RegionReport


class Compiled(Protocol):
    """What the services take from a compilation."""

    @property
    def definition(self) -> str | None:
        """The ASL definition as JSON; None when the findings contain errors."""
        ...

    @property
    def catalogue(self) -> Catalogue | None:
        """What the runtime needs per element; None when the findings contain errors."""
        ...

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """All findings."""
        ...

    @property
    def transitions(self) -> "Transitions | None":
        """How many an instance takes; None when the findings contain errors."""
        ...

    @property
    def regions(self) -> "Sequence[RegionReport]":
        """How each concurrent part runs."""
        ...


class Compiler(Protocol):
    """BPMN XML to a state machine; pure."""

    def __call__(self, content: str, process_id: str | None, /) -> Compiled:
        """Compile the process of that id (None: the one that the file means).

        What is wrong with the model is in the result, never raised.
        """
        ...


class Expressions(Protocol):
    """Evaluation of the expressions in a model's assignments and dates."""

    def __call__(self, text: str, variables: JsonObject, now: datetime, /) -> Any:
        """The value of the text: itself where it is a literal, None where the expression fails."""
        ...
