"""Parse an expression of any of the languages into a tree, or say why it cannot run."""

from collections.abc import Callable
from functools import lru_cache

from orchestrator.compiler.expressions.ast import Expression
from orchestrator.compiler.expressions.errors import ErrorCode, ExpressionError, RefusedError
from orchestrator.compiler.expressions.language import Language
from orchestrator.compiler.expressions.traversal import depth

_DEEPEST = 150  # interpreters of JSONata recurse as deeply as the text does


@lru_cache(maxsize=4096)  # several passes ask for the same text, and trees are immutable
def parse(text: str, language: Language) -> Expression | ExpressionError:
    """Parse an expression.

    FEEL with or without its leading `=`; JUEL is text with `${...}` in it, text without is itself; JSONata with or
    without `{% %}`; a script is one expression, and so are Python and XPath; bare text is FEEL, or else what may
    stand between `${` and `}`.
    """
    return _attempt(_parser(language), text)


@lru_cache(maxsize=4096)  # the cells of a column repeat each other
def parse_unary_tests(text: str) -> Expression | ExpressionError:
    """Parse the input entry of a decision table (FEEL) into a condition on `?`; empty and `-` are always true."""
    from orchestrator.compiler.expressions.feel.parser import parse_cell  # noqa: PLC0415 -- lark is loaded on first use

    return _attempt(parse_cell, text)


def _attempt(parser: Callable[[str], Expression], text: str) -> Expression | ExpressionError:
    try:
        node = parser(text)
    except RefusedError as refusal:
        return refusal.error
    if depth(node) > _DEEPEST:
        return ExpressionError(ErrorCode.UNSUPPORTED, f"the expression has more than {_DEEPEST} levels")
    return node


def _parser(language: Language) -> Callable[[str], Expression]:  # noqa: PLR0911 -- one per language
    """Import the parser of a language on first use: lark costs more than everything else here."""
    match language:
        case Language.FEEL:
            from orchestrator.compiler.expressions.feel.parser import parse_feel  # noqa: PLC0415

            return parse_feel
        case Language.JUEL:
            from orchestrator.compiler.expressions.juel.parser import parse_juel  # noqa: PLC0415

            return parse_juel
        case Language.JSONATA:
            from orchestrator.compiler.expressions.jsonata.parser import parse_jsonata  # noqa: PLC0415

            return parse_jsonata
        case Language.SCRIPT:
            from orchestrator.compiler.expressions.script.parser import parse_script_value  # noqa: PLC0415

            return parse_script_value
        case Language.PYTHON:
            from orchestrator.compiler.expressions.python.parser import parse_python  # noqa: PLC0415

            return parse_python
        case Language.XPATH:
            return _parse_xpath
        case Language.BARE:
            return _parse_bare


def _parse_xpath(text: str) -> Expression:
    """Parse XPath; what is none is read as bare text, since many tools declare XPath in every file."""
    from orchestrator.compiler.expressions.xpath.parser import parse_xpath  # noqa: PLC0415

    try:
        return parse_xpath(text)
    except RefusedError as refusal:
        if refusal.error.code is not ErrorCode.SYNTAX:
            raise
        return _parse_bare(text)


def _parse_bare(text: str) -> Expression:
    try:
        return _parser(Language.FEEL)(text)
    except RefusedError as first:
        from orchestrator.compiler.expressions.juel.parser import parse_juel_body  # noqa: PLC0415

        try:
            return parse_juel_body(text)
        except RefusedError as second:
            furthest = max((first, second), key=lambda refusal: refusal.error.position or 0)
            raise furthest from second
