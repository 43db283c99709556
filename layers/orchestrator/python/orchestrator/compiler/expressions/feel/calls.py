"""Invocations of built-in functions: names, positional and named arguments, and what must be known at compile time."""

from collections.abc import Callable, Sequence

from orchestrator.compiler.expressions import pattern
from orchestrator.compiler.expressions.ast import (
    Call,
    Comparison,
    ComparisonOperator,
    Expression,
    FunctionLiteral,
    ListLiteral,
    Literal,
)
from orchestrator.compiler.expressions.builtin import LIST_OF_ARGUMENTS, SIGNATURES, Builtin
from orchestrator.compiler.expressions.errors import unsupported

_EQUAL = ComparisonOperator.EQUAL
_ALIASES = {"put": Builtin.CONTEXT_PUT, "put all": Builtin.CONTEXT_MERGE}
_UNAVAILABLE = {
    "random number": "its result would change with each run of the same instance",
    "uuid": "its result would change with each run of the same instance",
    "log": "JSONata has no logarithm",
    "external": "external functions are Java",
}
#: Camunda's own functions, with the numbers of arguments that they take
_VENDORS: dict[str, tuple[range, Callable[[Expression], Expression]]] = {
    "is blank": (range(1, 2), lambda text: Comparison(_EQUAL, Call(Builtin.TRIM, (text,)), Literal(""))),
    # the rest of the arguments tells a language model what to fill in
    "fromAi": (range(1, 6), lambda value: value),
}
_CALLBACKS = {Builtin.SORT: 2, Builtin.LIST_REPLACE: 2}
_PATTERNS = frozenset({Builtin.MATCHES, Builtin.REPLACE, Builtin.SPLIT})


def call(name: str, arguments: Sequence[Expression], position: int) -> Expression:
    """Build the invocation of a built-in function with arguments by position; refuses what does not exist."""
    if name in _VENDORS and len(arguments) in _VENDORS[name][0]:
        return _VENDORS[name][1](arguments[0])
    function = _function(name, position)
    signature = next((s for s in SIGNATURES[function] if _accepts(s, len(arguments))), None)
    if signature is None:
        forms = " or ".join(f"{name}({', '.join(form)})" for form in SIGNATURES[function])
        raise unsupported(f"{name} takes other arguments: {forms}", position)
    given = tuple(arguments)
    if signature and signature[-1].endswith("*"):
        fixed = len(signature) - 1
        given = (*given[:fixed], ListLiteral(given[fixed:]))
    elif function in LIST_OF_ARGUMENTS and len(given) == 1 and isinstance(given[0], Literal):
        given = (ListLiteral(given),)
    return _checked(Call(function, given), position)


def named_call(name: str, arguments: Sequence[tuple[str, Expression]], position: int) -> Call:
    """Build the invocation of a built-in function with named arguments."""
    function = _function(name, position)
    given = dict(arguments)
    for signature in SIGNATURES[function]:
        names = [parameter.rstrip("?*") for parameter in signature]
        required = {p for p in signature if not p.endswith("?")}
        if set(given) <= set(names) and {p.rstrip("*") for p in required} <= set(given):
            last = max(names.index(key) for key in given)
            values = tuple(given.get(key, Literal(None)) for key in names[: last + 1])
            return _checked(Call(function, values), position)
    forms = " or ".join(f"{name}({', '.join(form)})" for form in SIGNATURES[function])
    raise unsupported(f"{name} has other parameters: {forms}", position)


def _function(name: str, position: int) -> Builtin:
    function = _ALIASES.get(name)
    if function is not None:
        return function
    if name in _UNAVAILABLE:
        raise unsupported(f"the function {name} is not available: {_UNAVAILABLE[name]}", position)
    try:
        found = Builtin(name)
    except ValueError:
        raise unsupported(f'there is no function "{name}"', position) from None
    return found


def _accepts(signature: tuple[str, ...], count: int) -> bool:
    least = sum(not parameter.endswith("?") for parameter in signature)
    repeats = bool(signature) and signature[-1].endswith("*")
    return least <= count and (repeats or count <= len(signature))


def _checked(node: Call, position: int) -> Call:
    if node.function in _PATTERNS:
        _check_pattern(node, position)
    arity = _CALLBACKS.get(node.function)
    for index, argument in enumerate(node.arguments):
        if isinstance(argument, FunctionLiteral) and (index != 1 or arity is None):
            raise unsupported(f"{node.function} takes no function as argument", position)
        if isinstance(argument, FunctionLiteral) and len(argument.parameters) != arity:
            raise unsupported(f"the function given to {node.function} must have {arity} parameters", position)
    if node.function is Builtin.SORT and len(node.arguments) > 1 and not isinstance(node.arguments[1], FunctionLiteral):
        raise unsupported("the second argument of sort must be written as function(x, y) ...", position)
    return node


def _check_pattern(node: Call, position: int) -> None:
    text, *_ = (argument.value if isinstance(argument, Literal) else None for argument in node.arguments[1:])
    if not isinstance(text, str) or not text:
        raise unsupported(f"the pattern of {node.function} must be a text literal: JSONata has no other", position)
    if (part := pattern.unshared_part(text)) is not None:
        raise unsupported(f"the pattern of {node.function} uses {part}, which JSONata reads differently", position)
    if not pattern.is_valid(text):
        raise unsupported(f"the pattern of {node.function} is not a regular expression: {text}", position)
    if node.function is not Builtin.MATCHES and pattern.matches_nothing(text):
        raise unsupported(f"the pattern of {node.function} can match nothing, at which JSONata fails", position)
    _check_flags(node, position)


def _check_flags(node: Call, position: int) -> None:
    index = len(SIGNATURES[node.function][0]) - 1
    if node.function is Builtin.SPLIT or len(node.arguments) <= index:
        return
    flags = node.arguments[index]
    text = flags.value if isinstance(flags, Literal) else ""
    if not isinstance(text, str) or not set(text) <= pattern.FLAGS or not isinstance(flags, Literal):
        raise unsupported(f'the flags of {node.function} must be a text literal of "i" and "m"', position)
