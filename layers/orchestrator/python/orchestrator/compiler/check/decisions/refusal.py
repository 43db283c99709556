"""Why a decision cannot be evaluated."""

from orchestrator.compiler.expressions import Expression, ExpressionError, Language, parse, parse_unary_tests


class DecisionError(Exception):
    """Says what is wrong with a decision model, and on which line of the file."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message if line is None else f"{message} (line {line})")


def feel(text: str, line: int | None) -> Expression:
    """Parse an expression; raises DecisionError."""
    return _accepted(parse(text, Language.FEEL), text, line)


def cell(text: str, line: int | None) -> Expression:
    """Parse an input entry into a condition on `?`; raises DecisionError."""
    return _accepted(parse_unary_tests(text), text, line)


def _accepted(parsed: Expression | ExpressionError, text: str, line: int | None) -> Expression:
    if isinstance(parsed, ExpressionError):
        raise DecisionError(f"'{text}': {parsed.message}", line)
    return parsed
