"""From Python's own syntax tree to nodes. Comparisons of values of different kinds are false, as in Python."""

import ast as python
from functools import reduce

from orchestrator.compiler.expressions.ast import (
    And,
    Arithmetic,
    ArithmeticOperator,
    Call,
    Coercion,
    Comparison,
    ComparisonOperator,
    Conditional,
    ContextLiteral,
    Element,
    Expression,
    Filter,
    For,
    Iterator,
    ListLiteral,
    Literal,
    Negation,
    Not,
    Or,
    Property,
    Quantified,
    Target,
    Variable,
)
from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.errors import unsupported
from orchestrator.compiler.expressions.literals import number_of
from orchestrator.compiler.expressions.python.calls import certain, contained, function, method, truth
from orchestrator.compiler.expressions.traversal import free_names

_OPERATORS: dict[type[python.operator], ArithmeticOperator] = {
    python.Add: ArithmeticOperator.ADD,
    python.Sub: ArithmeticOperator.SUBTRACT,
    python.Mult: ArithmeticOperator.MULTIPLY,
    python.Div: ArithmeticOperator.DIVIDE,
    python.Pow: ArithmeticOperator.POWER,
}
_ORDERS: dict[type[python.cmpop], ComparisonOperator] = {
    python.Lt: ComparisonOperator.LESS,
    python.LtE: ComparisonOperator.LESS_OR_EQUAL,
    python.Gt: ComparisonOperator.GREATER,
    python.GtE: ComparisonOperator.GREATER_OR_EQUAL,
}
_LOGICAL = (And, Or, Not, Quantified)


def translated(node: python.expr) -> Expression:  # noqa: PLR0911 -- one per node
    """Translate an expression; raises RefusedError."""
    match node:
        case python.Constant(value):
            return _constant(value)
        case python.Name(name):
            return Variable(name)
        case python.Attribute(subject, name):
            return Property(translated(subject), name)
        case python.Subscript(subject, key):
            return _subscript(translated(subject), translated(key))
        case python.List(items) | python.Tuple(items):
            return ListLiteral(tuple(map(translated, items)))
        case python.Dict(keys, values):
            return _dict(keys, values)
        case python.JoinedStr(parts):
            return _text(parts)
        case python.IfExp(test, body, other):
            return Conditional(truth(translated(test)), translated(body), translated(other))
        case python.ListComp(element, [python.comprehension(python.Name(name), items, [])]):
            return For((Iterator(name, translated(items)),), translated(element))
        case _:
            return _operation(node)


def _operation(node: python.expr) -> Expression:  # noqa: PLR0911 -- one per node
    match node:
        case python.BoolOp(operator, values):
            join = _both if isinstance(operator, python.And) else _either
            return reduce(join, map(translated, values))
        case python.UnaryOp(python.Not(), operand):
            return Not(truth(translated(operand)))
        case python.UnaryOp(python.USub(), operand):
            return _negative(translated(operand))
        case python.BinOp(left, operator, right):
            return _arithmetic(operator, translated(left), translated(right))
        case python.Compare(left, operators, others):
            return _chain([translated(one) for one in (left, *others)], operators)
        case python.Call(python.Name(name), arguments, []):
            return function(name, [translated(argument) for argument in arguments])
        case python.Call(python.Attribute(subject, name), arguments, []):
            return method(translated(subject), name, [translated(argument) for argument in arguments])
        case _:
            raise unsupported(f"{python.unparse(node)} is Python that is not translated", node.col_offset)


def _constant(value: object) -> Expression:
    if isinstance(value, bool | str) or value is None:
        return Literal(value)
    if isinstance(value, int | float):
        return Literal(number_of(repr(value)))
    raise unsupported(f"{value!r} is no value of JSON")


def _negative(operand: Expression) -> Expression:
    match operand:
        case Literal(int() | float() as number) if not isinstance(number, bool):
            return Literal(-number)
        case _:
            return Negation(operand)


def _subscript(subject: Expression, key: Expression) -> Expression:
    match key:
        case Literal(str() as name):
            return Property(subject, name)
        case Literal(int() as index) if index < 0:
            return Filter(subject, key)
        case _:
            return Element(subject, key)


def _dict(keys: list[python.expr | None], values: list[python.expr]) -> Expression:
    """An entry of a FEEL context sees those before it, one of a dict does not."""
    names = [key.value if isinstance(key, python.Constant) else None for key in keys]
    nodes = [translated(value) for value in values]
    if any(not isinstance(name, str) for name in names) or len(set(names)) < len(names):
        raise unsupported("the keys of a dict must be different texts")
    entries = [(str(name), node) for name, node in zip(names, nodes, strict=True)]
    if {name for name, _ in entries[:-1]} & {name for node in nodes for name in free_names(node)}:
        raise unsupported("a key of the dict is also the name of a variable that it reads")
    return ContextLiteral(tuple(entries))


def _text(parts: list[python.expr]) -> Expression:
    pieces = [translated(part.value if isinstance(part, python.FormattedValue) else part) for part in parts]
    if any(isinstance(part, python.FormattedValue) and part.format_spec is not None for part in parts):
        raise unsupported("formats in texts are not available")
    texts = [Coercion(Target.TEXT, piece) for piece in pieces]
    return reduce(lambda left, right: Arithmetic(ArithmeticOperator.ADD, left, right), texts, Literal(""))


def _both(left: Expression, right: Expression) -> Expression:
    """`and` yields one of its operands, which for booleans is the conjunction."""
    if _is_logical(left) and _is_logical(right):
        return And(left, right)
    return Conditional(truth(left), right, left)


def _either(left: Expression, right: Expression) -> Expression:
    if _is_logical(left) and _is_logical(right):
        return Or(left, right)
    return Conditional(truth(left), left, right)


def _is_logical(node: Expression) -> bool:
    return isinstance(node, _LOGICAL) or (
        isinstance(node, Coercion) and node.target in (Target.TRUTH, Target.JSONATA_TRUTH)
    )


def _arithmetic(operator: python.operator, left: Expression, right: Expression) -> Expression:
    match operator:
        case python.Mod() if not (isinstance(left, Literal) and isinstance(left.value, str)):
            return Call(Builtin.MODULO, (left, right))
        case python.FloorDiv():
            return Call(Builtin.FLOOR, (Arithmetic(ArithmeticOperator.DIVIDE, left, right),))
        case _ if type(operator) in _OPERATORS:
            return Arithmetic(_OPERATORS[type(operator)], left, right)
        case _:
            raise unsupported(f"the operator {type(operator).__name__} is not available")


def _chain(values: list[Expression], operators: list[python.cmpop]) -> Expression:
    """`a < b < c` means `a < b and b < c`."""
    pairs = zip(values, operators, values[1:], strict=False)
    return reduce(And, (_compared(left, operator, right) for left, operator, right in pairs))


def _compared(left: Expression, operator: python.cmpop, right: Expression) -> Expression:
    match operator:
        case python.Eq() | python.Is():
            return certain(Comparison(ComparisonOperator.EQUAL, left, right))
        case python.NotEq() | python.IsNot():
            return Not(certain(Comparison(ComparisonOperator.EQUAL, left, right)))
        case python.In():
            return contained(left, right)
        case python.NotIn():
            return Not(contained(left, right))
        case _:
            return certain(Comparison(_ORDERS[type(operator)], left, right))
