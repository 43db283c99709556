"""Parse JUEL: `${...}`, `#{...}`, and text around them."""

from functools import reduce

from orchestrator.compiler.expressions.ast import Arithmetic, ArithmeticOperator, Coercion, Expression, Literal, Target
from orchestrator.compiler.expressions.juel.composite import Piece, pieces
from orchestrator.compiler.expressions.juel.tree import JuelTree
from orchestrator.compiler.expressions.parsing import run, tables


def parse_juel(text: str) -> Expression:
    """Parse a value expression, or literal text with expressions in it as a concatenation; raises RefusedError."""
    found = pieces(text.strip())
    if len(found) == 1:
        return _piece(found[0])
    return reduce(_joined, (Coercion(Target.TEXT, _piece(piece)) for piece in found))


def parse_juel_body(text: str, offset: int = 0) -> Expression:
    """Parse what stands between `${` and `}`; raises RefusedError."""
    return run(tables(__package__ or "", JuelTree, starts=("expression",)), text, "expression", offset)


def _piece(piece: Piece) -> Expression:
    return parse_juel_body(piece.text, piece.position) if piece.is_expression else Literal(piece.text)


def _joined(left: Expression, right: Expression) -> Expression:
    return Arithmetic(ArithmeticOperator.ADD, left, right)
