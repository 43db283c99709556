"""Built-in functions: each is a function of the prelude, named after FEEL's."""

from orchestrator.compiler.expressions import pattern
from orchestrator.compiler.expressions.ast import Call, Expression, FeelType, FunctionLiteral, InstanceOf, Literal
from orchestrator.compiler.expressions.builtin import Builtin
from orchestrator.compiler.expressions.emission.code import Code, Kind, Level, invoke, quoted
from orchestrator.compiler.expressions.emission.loops import lambda_of
from orchestrator.compiler.expressions.emission.scope import Scope
from orchestrator.compiler.expressions.emission.translation import Translation

_LOGIC = frozenset(
    {Builtin.CONTAINS, Builtin.STARTS_WITH, Builtin.ENDS_WITH, Builtin.MATCHES, Builtin.LIST_CONTAINS, Builtin.ALL}
    | {Builtin.ANY, Builtin.ODD, Builtin.EVEN, Builtin.IS_EMPTY, Builtin.IS, Builtin.BEFORE, Builtin.AFTER}
    | {Builtin.MEETS, Builtin.MET_BY, Builtin.OVERLAPS, Builtin.OVERLAPS_BEFORE, Builtin.OVERLAPS_AFTER}
    | {Builtin.FINISHES, Builtin.FINISHED_BY, Builtin.INCLUDES, Builtin.DURING, Builtin.STARTS, Builtin.STARTED_BY}
    | {Builtin.COINCIDES}
)
_NUMBER = frozenset(
    {Builtin.NUMBER, Builtin.STRING_LENGTH, Builtin.COUNT, Builtin.DECIMAL, Builtin.FLOOR, Builtin.CEILING}
    | {Builtin.ROUND_UP, Builtin.ROUND_DOWN, Builtin.ROUND_HALF_UP, Builtin.ROUND_HALF_DOWN, Builtin.MODULO}
    | {Builtin.SQRT, Builtin.EXP, Builtin.MEDIAN, Builtin.STDDEV, Builtin.PRODUCT, Builtin.DAY_OF_YEAR}
    | {Builtin.WEEK_OF_YEAR, Builtin.SIZE}
)
_STRING = frozenset(
    {Builtin.STRING, Builtin.SUBSTRING, Builtin.UPPER_CASE, Builtin.LOWER_CASE, Builtin.SUBSTRING_BEFORE}
    | {Builtin.SUBSTRING_AFTER, Builtin.REPLACE, Builtin.TRIM, Builtin.STRING_JOIN, Builtin.DAY_OF_WEEK}
    | {Builtin.MONTH_OF_YEAR}
)
_TYPES = {"number": "number", "string": "string", "boolean": "boolean", "context": "object"}


def call(to: Translation, node: Expression, scope: Scope) -> Code | None:  # noqa: PLR0911 -- one per form
    """Write an invocation or a type test; None where the node is of another sort."""
    match node:
        case Call(Builtin.EMPTY):
            return to.true(node, scope)
        case Call(Builtin.NOW | Builtin.TODAY as function):
            return invoke(_name(function), scope.clock, kinds=Kind.TAGGED | Kind.NULL)
        case Call(Builtin.MATCHES | Builtin.REPLACE | Builtin.SPLIT):
            return _with_pattern(to, node, scope)
        case Call(Builtin.SORT, (items,)):
            return invoke("naturally", to.value(items, scope), kinds=Kind.LIST | Kind.NULL)
        case Call(Builtin.LIST_REPLACE, (items, FunctionLiteral() as chosen, new)):
            return invoke("replaceWhere", to.value(items, scope), lambda_of(to, chosen, scope), to.value(new, scope))
        case Call(function, arguments):
            texts = [_argument(to, argument, scope) for argument in arguments]
            return invoke(_name(function), *texts, kinds=_kinds(function, to))
        case InstanceOf(value, wanted):
            return _instance(to.value(value, scope), wanted)
        case _:
            return None


def _argument(to: Translation, node: Expression, scope: Scope) -> str:
    return lambda_of(to, node, scope) if isinstance(node, FunctionLiteral) else to.value(node, scope).text


def _name(function: Builtin) -> str:
    return "sizeOf" if function is Builtin.SIZE else "feel" + function.title().replace(" ", "")


def _kinds(function: Builtin, to: Translation) -> Kind:
    if function is Builtin.IS_DEFINED:
        return Kind.BOOLEAN
    if function in _LOGIC:
        return Kind.LOGIC
    if function in _NUMBER:
        return Kind.NUMBER | Kind.NULL
    if function in _STRING:
        return Kind.STRING | Kind.NULL
    return Kind.ANY if to.tagged else Kind.JSON


def _with_pattern(to: Translation, node: Call, scope: Scope) -> Code:
    subject, wanted, *rest = node.arguments
    text = str(wanted.value) if isinstance(wanted, Literal) else ""
    flags = rest.pop() if len(rest) == (2 if node.function is Builtin.REPLACE else 1) else None
    written = quoted(text) if node.function is Builtin.SPLIT and pattern.is_plain(text) else _regex(text, flags)
    arguments = [to.value(subject, scope).text, written, *(to.value(other, scope).text for other in rest)]
    return invoke(_name(node.function), *arguments, kinds=_kinds(node.function, to))


def _regex(text: str, flags: Expression | None) -> str:
    escaped = text.replace("\\/", "/").replace("/", "\\/").replace("\n", "\\n").replace("\r", "\\r")
    return f"/{escaped}/{flags.value if isinstance(flags, Literal) else ''}"


def _instance(code: Code, wanted: FeelType) -> Code:
    test = _type_test("$it", wanted)
    return Code(f"($it := {code.text}; {test})", Kind.BOOLEAN, Level.ATOM)


def _type_test(text: str, wanted: FeelType) -> str:  # noqa: PLR0911 -- one per type
    if wanted.name == "list" and wanted.parameter is not None:
        return f"$isList({text}, function($it) {{ {_type_test('$it', wanted.parameter)} }})"
    match wanted.name:
        case "Any":
            return f"{text} != null"
        case "Null":
            return f"$not({text} != null)"
        case "list":
            return f'$type({text}) = "array"'
        case "context":
            return f'$type({text}) = "object" and $not($exists({text}."@"))'
        case name if name in _TYPES:
            return f'$type({text}) = "{_TYPES[name]}"'
        case name:
            return f'$type({text}) = "object" and {text}."@" = {quoted(name)}'
