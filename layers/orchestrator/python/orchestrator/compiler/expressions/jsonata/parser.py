"""Parse JSONata."""

from orchestrator.compiler.expressions.ast import Expression
from orchestrator.compiler.expressions.jsonata.tree import JsonataTree, embedded
from orchestrator.compiler.expressions.parsing import run, tables


def parse_jsonata(text: str) -> Expression:
    """Parse an expression with or without `{% %}`; names are process variables. Raises RefusedError."""
    inner, offset = embedded(text)
    return run(tables(__package__ or "", JsonataTree, starts=("expression",)), inner, "expression", offset)
