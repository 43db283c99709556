"""What can be wrong with an expression: values that are returned, never exceptions for the caller."""

from dataclasses import dataclass
from enum import StrEnum


class ErrorCode(StrEnum):
    """Why an expression is refused."""

    SYNTAX = "EXPRESSION_SYNTAX"
    UNSUPPORTED = "UNSUPPORTED_EXPRESSION"
    UNSUPPORTED_LANGUAGE = "UNSUPPORTED_EXPRESSION_LANGUAGE"


@dataclass(frozen=True, slots=True)
class ExpressionError:
    """One refusal: a stable code, the reason in words, and the offset in the text where it shows (None: all of it)."""

    code: ErrorCode
    message: str
    position: int | None = None


class RefusedError(Exception):
    """Carries a refusal from the depth of a parser to `parse`, which returns it as a value."""

    def __init__(self, error: ExpressionError) -> None:
        super().__init__(error.message)
        self.error = error


def syntax(message: str, position: int | None = None) -> RefusedError:
    """Build the exception for text that is not of the language."""
    return RefusedError(ExpressionError(ErrorCode.SYNTAX, message, position))


def unsupported(message: str, position: int | None = None) -> RefusedError:
    """Build the exception for text of the language that cannot run faithfully on Step Functions."""
    return RefusedError(ExpressionError(ErrorCode.UNSUPPORTED, message, position))
