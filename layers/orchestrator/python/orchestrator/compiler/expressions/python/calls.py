"""Python's functions and methods, as far as JSON values have them."""

from collections.abc import Callable, Sequence

from orchestrator.compiler.expressions.ast import (
    NULL,
    Call,
    Coercion,
    Comparison,
    ComparisonOperator,
    Conditional,
    Element,
    Expression,
    FeelType,
    InstanceOf,
    Literal,
    Target,
)
from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.errors import unsupported


def truth(node: Expression) -> Expression:
    """Convert to a boolean: what is empty, zero, None or missing is false."""
    return Coercion(Target.JSONATA_TRUTH, node)


def certain(node: Expression) -> Expression:
    """Make a comparison of values of different kinds false instead of null."""
    return Coercion(Target.TRUTH, node)


def contained(value: Expression, container: Expression) -> Expression:
    """Build `value in container`: an element of a list, a key of a dict, a part of a text."""
    in_list = certain(Call(Builtin.LIST_CONTAINS, (container, value)))
    in_text = certain(Call(Builtin.CONTAINS, (container, value)))
    in_dict = Call(Builtin.IS_DEFINED, (Element(container, value),))
    keyed = Conditional(InstanceOf(container, FeelType("context")), in_dict, in_text)
    return Conditional(InstanceOf(container, FeelType("list")), in_list, keyed)


def _called(builtin: Builtin) -> Callable[[Expression], Expression]:
    return lambda operand: Call(builtin, (operand,))


def _number(node: Expression) -> Expression:
    return Coercion(Target.NUMBER, node)


def _text(node: Expression) -> Expression:
    return Coercion(Target.TEXT, node)


def _whole(node: Expression) -> Expression:
    return Call(Builtin.ROUND_DOWN, (_number(node), Literal(0)))


_FUNCTIONS: dict[str, Callable[[Expression], Expression]] = {
    "len": _called(Builtin.SIZE),
    "str": _text,
    "int": _whole,
    "float": _number,
    "bool": truth,
    "sum": _called(Builtin.SUM),
    "min": _called(Builtin.MIN),
    "max": _called(Builtin.MAX),
    "abs": _called(Builtin.ABS),
    "sorted": _called(Builtin.SORT),
}
_METHODS: dict[str, Callable[[Expression], Expression]] = {
    "upper": _called(Builtin.UPPER_CASE),
    "lower": _called(Builtin.LOWER_CASE),
    "strip": _called(Builtin.TRIM),
}
_TESTS = {"startswith": Builtin.STARTS_WITH, "endswith": Builtin.ENDS_WITH}


def function(name: str, arguments: Sequence[Expression]) -> Expression:
    """Translate `name(arguments)`; raises RefusedError."""
    match name, *arguments:
        case _, operand if name in _FUNCTIONS:
            return _FUNCTIONS[name](operand)
        case "round", operand:
            return Call(Builtin.DECIMAL, (operand, Literal(0)))
        case "round", operand, digits:
            return Call(Builtin.DECIMAL, (operand, digits))
        case _:
            raise unsupported(f"{name}() of {len(arguments)} arguments is not available")


def method(subject: Expression, name: str, arguments: Sequence[Expression]) -> Expression:
    """Translate `subject.name(arguments)`; raises RefusedError."""
    match name, *arguments:
        case "get", key:
            return Element(subject, key)
        case "get", key, default:
            found = Element(subject, key)
            return Conditional(Comparison(ComparisonOperator.EQUAL, found, NULL), default, found)
        case _, other if name in _TESTS:
            return certain(Call(_TESTS[name], (subject, other)))
        case (_,) if name in _METHODS:
            return _METHODS[name](subject)
        case _:
            raise unsupported(f"the method {name}() of {len(arguments)} arguments is not available")
