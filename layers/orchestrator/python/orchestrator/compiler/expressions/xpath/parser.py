"""Parse XPath."""

from orchestrator.compiler.expressions.ast import Expression
from orchestrator.compiler.expressions.parsing import run, tables
from orchestrator.compiler.expressions.xpath.tree import XPathTree


def parse_xpath(text: str) -> Expression:
    """Parse an expression; raises RefusedError."""
    return run(tables(__package__ or "", XPathTree, starts=("expression",)), text, "expression", 0)
