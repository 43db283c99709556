"""What the modules of the emitter need of each other; the emitter implements it."""

from typing import Protocol

from orchestrator.compiler.expressions.ast import Expression
from orchestrator.compiler.expressions.emission.code import Code
from orchestrator.compiler.expressions.emission.scope import Scope


class Translation(Protocol):
    """Three ways to write an expression."""

    tagged: bool
    """Whether the expression can meet temporal values or ranges as objects."""

    def value(self, node: Expression, scope: Scope) -> Code:
        """Write the value; it can be missing only where the kinds say so."""
        ...

    def true(self, node: Expression, scope: Scope) -> Code:
        """Write whether the value is true: always true or false."""
        ...

    def false(self, node: Expression, scope: Scope) -> Code:
        """Write whether the value is false: always true or false."""
        ...
