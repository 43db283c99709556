"""`in` and unary tests as comparisons (DMN 1.5, table 55 and 10.3.1.3)."""

from functools import reduce

from orchestrator.compiler.expressions.ast import (
    INPUT,
    NULL,
    And,
    Comparison,
    ComparisonOperator,
    Expression,
    ListLiteral,
    Literal,
    Membership,
    Or,
    RangeLiteral,
    TemporalLiteral,
)
from orchestrator.compiler.expressions.traversal import mentions


def any_of(tests: tuple[Expression, ...]) -> Expression:
    """Join alternatives."""
    return reduce(Or, tests)


def contained(value: Expression, test: Expression) -> Expression:
    """Build `value in test`."""
    match test:
        case RangeLiteral():
            return _within(value, test)
        case Literal() | TemporalLiteral():
            return Comparison(ComparisonOperator.EQUAL, value, test)
        case ListLiteral(items) if any(isinstance(item, RangeLiteral) for item in items):
            return any_of(tuple(contained(value, item) for item in items))
        case _:
            return Membership(value, test)


def cell_test(test: Expression) -> Expression:
    """Build one test of a decision table cell: a condition on `?` stands for itself."""
    return test if mentions(test, INPUT.name) else contained(INPUT, test)


def _within(value: Expression, interval: RangeLiteral) -> Expression:
    low = ComparisonOperator.GREATER_OR_EQUAL if interval.low_included else ComparisonOperator.GREATER
    high = ComparisonOperator.LESS_OR_EQUAL if interval.high_included else ComparisonOperator.LESS
    ends = [
        Comparison(operator, value, end)
        for operator, end in ((low, interval.low), (high, interval.high))
        if end is not None and end != NULL
    ]
    return reduce(And, ends) if ends else Literal(None)
