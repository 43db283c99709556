"""From the rules of the FEEL grammar to nodes; one method per alternative, called while parsing."""

# ruff: noqa: D102 -- the grammar says what each of its alternatives is

from lark import Token

from orchestrator.compiler.expressions import ast
from orchestrator.compiler.expressions.ast import ArithmeticOperator, Comparison, ComparisonOperator, Expression
from orchestrator.compiler.expressions.errors import syntax, unsupported
from orchestrator.compiler.expressions.feel.calls import call, named_call
from orchestrator.compiler.expressions.feel.membership import any_of, cell_test, contained
from orchestrator.compiler.expressions.literals import number_of, text_of
from orchestrator.compiler.expressions.temporal_text import parse_temporal


class FeelTree:
    """Builds nodes bottom-up; what FEEL defines by other constructs is written out here."""

    def number(self, token: Token) -> Expression:
        return ast.Literal(number_of(token.value, token.start_pos))

    def string(self, token: Token) -> Expression:
        return ast.Literal(text_of(token.value, token.start_pos))

    def temporal(self, token: Token) -> Expression:
        text = token.value.lstrip("@ \t\n")[1:-1]
        value = parse_temporal(text)
        if value is None and "@" in text:
            raise unsupported(f'named time zones cannot be resolved on Step Functions: @"{text}"', token.start_pos)
        if value is None:
            raise syntax(f'@"{text}" is no date, time, date and time or duration', token.start_pos)
        return ast.TemporalLiteral(value)

    def true(self) -> Expression:
        return ast.Literal(value=True)

    def false(self) -> Expression:
        return ast.Literal(value=False)

    def null(self) -> Expression:
        return ast.NULL

    def variable(self, name: Token) -> Expression:
        return ast.Variable(str(name.value))

    def grouped(self, expression: Expression) -> Expression:
        return expression

    def list(self, *items: Expression) -> Expression:
        return ast.ListLiteral(items)

    def entry(self, key: Token, value: Expression) -> tuple[str, Expression]:
        name = text_of(key.value, key.start_pos) if key.type == "STRING" else str(key.value)
        return name, value

    def context(self, *entries: tuple[str, Expression]) -> Expression:
        names = [name for name, _ in entries]
        if len(set(names)) < len(names):
            raise unsupported(f"the context has two entries of one name: {', '.join(names)}")
        return ast.ContextLiteral(entries)

    def included(self) -> bool:
        return True

    def excluded(self) -> bool:
        return False

    def range_from(self, low: Expression, high: Expression, high_included: bool) -> Expression:
        return ast.RangeLiteral(low, high, low_included=True, high_included=high_included)

    def range_after(self, low: Expression, high: Expression, high_included: bool) -> Expression:
        return ast.RangeLiteral(low, high, low_included=False, high_included=high_included)

    def half_range(self, operator: ComparisonOperator, end: Expression) -> Expression:
        match operator:
            case ComparisonOperator.LESS | ComparisonOperator.LESS_OR_EQUAL:
                included = operator is ComparisonOperator.LESS_OR_EQUAL
                return ast.RangeLiteral(None, end, low_included=False, high_included=included)
            case ComparisonOperator.GREATER | ComparisonOperator.GREATER_OR_EQUAL:
                included = operator is ComparisonOperator.GREATER_OR_EQUAL
                return ast.RangeLiteral(end, None, low_included=included, high_included=False)
            case ComparisonOperator.EQUAL:
                return ast.RangeLiteral(end, end, low_included=True, high_included=True)
            case ComparisonOperator.UNEQUAL:
                raise unsupported("(!= x) is no range")

    def property(self, subject: Expression, name: Token) -> Expression:
        return ast.Property(subject, str(name.value))

    def filter(self, subject: Expression, predicate: Expression) -> Expression:
        return ast.Filter(subject, predicate)

    def named_argument(self, name: Token, value: Expression) -> tuple[str, Expression]:
        return str(name.value), value

    def call(self, name: Token, *arguments: Expression | tuple[str, Expression]) -> Expression:
        named = [argument for argument in arguments if isinstance(argument, tuple)]
        if named:
            return named_call(str(name.value), named, name.start_pos or 0)
        plain = [argument for argument in arguments if not isinstance(argument, tuple)]
        return call(str(name.value), plain, name.start_pos or 0)

    def negated_truth(self, operand: Expression) -> Expression:
        return ast.Not(operand)

    def negated(self, operand: Expression) -> Expression:
        match operand:
            case ast.Literal(int() | float() as value) if not isinstance(value, bool):
                return ast.Literal(-value)
            case _:
                return ast.Negation(operand)

    def raised(self, left: Expression, right: Expression) -> Expression:
        return ast.Arithmetic(ArithmeticOperator.POWER, left, right)

    def multiplied(self, left: Expression, right: Expression) -> Expression:
        return ast.Arithmetic(ArithmeticOperator.MULTIPLY, left, right)

    def divided(self, left: Expression, right: Expression) -> Expression:
        return ast.Arithmetic(ArithmeticOperator.DIVIDE, left, right)

    def added(self, left: Expression, right: Expression) -> Expression:
        return ast.Arithmetic(ArithmeticOperator.ADD, left, right)

    def subtracted(self, left: Expression, right: Expression) -> Expression:
        return ast.Arithmetic(ArithmeticOperator.SUBTRACT, left, right)

    def comparator(self, token: Token) -> ComparisonOperator:
        return ComparisonOperator(token.value)

    def compared(self, left: Expression, operator: ComparisonOperator, right: Expression) -> Expression:
        return Comparison(operator, left, right)

    def between(self, value: Expression, low: Expression, high: Expression) -> Expression:
        return contained(value, ast.RangeLiteral(low, high, low_included=True, high_included=True))

    def contained(self, value: Expression, test: Expression) -> Expression:
        return contained(value, test)

    def contained_compared(self, value: Expression, operator: ComparisonOperator, end: Expression) -> Expression:
        return Comparison(operator, value, end)

    def open_test(self, operator: ComparisonOperator, end: Expression) -> Expression:
        return Comparison(operator, ast.INPUT, end)

    def contained_in_any(self, value: Expression, *tests: Expression) -> Expression:
        return any_of(tuple(_applied(value, test) for test in tests))

    def type(self, name: Token, *parameters: Token | ast.FeelType) -> ast.FeelType:
        inner = [parameter for parameter in parameters if isinstance(parameter, ast.FeelType)]
        return ast.FeelType(str(name.value), inner[0] if inner else None)

    def context_type(self, name: Token, *_members: object) -> ast.FeelType:
        raise unsupported("a context type with members cannot be tested: write instance of context", name.start_pos)

    def member(self, *_parts: object) -> None:
        return None

    def instance_of(self, value: Expression, type_: ast.FeelType) -> Expression:
        return ast.InstanceOf(value, type_)

    def conjoined(self, left: Expression, right: Expression) -> Expression:
        return ast.And(left, right)

    def disjoined(self, left: Expression, right: Expression) -> Expression:
        return ast.Or(left, right)

    def conditional(self, condition: Expression, consequent: Expression, alternative: Expression) -> Expression:
        return ast.Conditional(condition, consequent, alternative)

    def iterator(self, name: Token, domain: Expression, until: Expression | None = None) -> ast.Iterator:
        return ast.Iterator(str(name.value), domain, until)

    def iteration(self, *parts: ast.Iterator | Expression) -> Expression:
        iterators, body = _split(parts)
        return ast.For(iterators, body)

    def some(self, *parts: ast.Iterator | Expression) -> Expression:
        iterators, condition = _split(parts)
        return ast.Quantified(ast.Quantifier.SOME, iterators, condition)

    def every(self, *parts: ast.Iterator | Expression) -> Expression:
        iterators, condition = _split(parts)
        return ast.Quantified(ast.Quantifier.EVERY, iterators, condition)

    def parameter(self, name: Token, *_type: ast.FeelType) -> str:
        return str(name.value)

    def function(self, *parts: str | Expression) -> Expression:
        *parameters, body = parts
        return ast.FunctionLiteral(tuple(str(name) for name in parameters), _expression(body))

    def unary_tests(self, *tests: Expression) -> Expression:
        return any_of(tuple(cell_test(test) for test in tests)) if tests else ast.Literal(value=True)


def _applied(value: Expression, test: Expression) -> Expression:
    match test:
        case Comparison(operator, ast.INPUT, end):
            return Comparison(operator, value, end)
        case _:
            return contained(value, test)


def _split(parts: tuple[ast.Iterator | Expression, ...]) -> tuple[tuple[ast.Iterator, ...], Expression]:
    iterators = tuple(part for part in parts if isinstance(part, ast.Iterator))
    return iterators, _expression(parts[-1])


def _expression(part: object) -> Expression:
    return part  # pyright: ignore[reportReturnType] -- the grammar puts an expression last
