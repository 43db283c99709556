"""Java methods that appear in conditions of real files, for what they say about JSON values."""

from collections.abc import Callable

from orchestrator.compiler.expressions.ast import (
    Arithmetic,
    ArithmeticOperator,
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
    Not,
    Target,
    Variable,
)
from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.errors import unsupported
from orchestrator.compiler.expressions.juel.times import moved

_NO_ARGUMENT: dict[str, Callable[[Expression], Expression]] = {
    "isEmpty": lambda subject: Call(Builtin.EMPTY, (subject,)),
    "size": lambda subject: Call(Builtin.SIZE, (subject,)),
    "length": lambda subject: Call(Builtin.SIZE, (subject,)),
    "toString": lambda subject: Coercion(Target.TEXT, subject),
    "toUpperCase": lambda subject: Call(Builtin.UPPER_CASE, (subject,)),
    "toLowerCase": lambda subject: Call(Builtin.LOWER_CASE, (subject,)),
    "trim": lambda subject: Call(Builtin.TRIM, (subject,)),
    "booleanValue": lambda subject: Coercion(Target.TRUTH, subject),
    "intValue": lambda subject: Coercion(Target.TERM, subject),
    "doubleValue": lambda subject: Coercion(Target.TERM, subject),
}


def _text(node: Expression) -> Expression:
    return Coercion(Target.TEXT, node)


def _truth(node: Expression) -> Expression:
    return Coercion(Target.TRUTH, node)


def contains(subject: Expression, wanted: Expression) -> Expression:
    """Tell whether a list has an element, or a text a part."""
    in_list = Call(Builtin.LIST_CONTAINS, (subject, wanted))
    in_text = Call(Builtin.CONTAINS, (subject, wanted))
    return Conditional(InstanceOf(subject, FeelType("list")), _truth(in_list), _truth(in_text))


def _lower(node: Expression) -> Expression:
    return Call(Builtin.LOWER_CASE, (node,))


_ONE_ARGUMENT: dict[str, Callable[[Expression, Expression], Expression]] = {
    "equals": lambda subject, other: _truth(Comparison(ComparisonOperator.EQUAL, subject, other)),
    "equalsIgnoreCase": lambda subject, other: _truth(
        Comparison(ComparisonOperator.EQUAL, _lower(subject), _lower(other))
    ),
    "contains": contains,
    "containsKey": lambda subject, key: Call(Builtin.IS_DEFINED, (Element(subject, key),)),
    "startsWith": lambda subject, other: _truth(Call(Builtin.STARTS_WITH, (subject, other))),
    "endsWith": lambda subject, other: _truth(Call(Builtin.ENDS_WITH, (subject, other))),
    "get": Element,
    "concat": lambda subject, other: Arithmetic(ArithmeticOperator.ADD, _text(subject), _text(other)),
}


def method(subject: Expression, name: str, arguments: tuple[Expression, ...], position: int) -> Expression:
    """Translate `subject.name(arguments)`; raises RefusedError for methods of beans and of unknown classes."""
    time = moved(subject, name, arguments)
    if time is not None:
        return time
    if subject == Variable("execution"):
        return _of_execution(name, arguments, position)
    if len(arguments) == 0 and name in _NO_ARGUMENT:
        return _NO_ARGUMENT[name](subject)
    if name == "substring":
        return _substring(subject, arguments, position)
    if len(arguments) == 1 and name in _ONE_ARGUMENT:
        return _ONE_ARGUMENT[name](subject, arguments[0])
    raise unsupported(f"the method {name}() is Java code of another engine; variables are JSON values here", position)


def _substring(subject: Expression, arguments: tuple[Expression, ...], position: int) -> Expression:
    """Java counts from 0 up to an end, FEEL from 1 for a length."""
    match arguments:
        case (Literal(int() as begin),) if begin >= 0:
            return Call(Builtin.SUBSTRING, (subject, Literal(begin + 1)))
        case (Literal(int() as begin), Literal(int() as end)) if 0 <= begin <= end:
            return Call(Builtin.SUBSTRING, (subject, Literal(begin + 1), Literal(end - begin)))
        case _:
            raise unsupported("substring() takes positions that are written as numbers", position)


def _of_execution(name: str, arguments: tuple[Expression, ...], position: int) -> Expression:
    match name, arguments:
        case "getVariable" | "getVariableLocal", (Literal(str() as variable),):
            return Variable(variable)
        case "hasVariable" | "hasVariableLocal", (Literal(str() as variable),):
            return Not(Comparison(ComparisonOperator.EQUAL, Variable(variable), Literal(None)))
        case "setVariable" | "setVariableLocal" | "removeVariable", _:
            raise unsupported(f"execution.{name}() would change variables inside of an expression", position)
        case _:
            raise unsupported(f"execution.{name}() belongs to another engine's API", position)
