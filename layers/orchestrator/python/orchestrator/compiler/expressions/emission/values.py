"""Values: text that yields the JSON value of an expression, null where FEEL says null."""

from orchestrator.compiler.expressions.ast import (
    And,
    Arithmetic,
    ArithmeticOperator,
    Coercion,
    Comparison,
    ComparisonOperator,
    Conditional,
    ContextLiteral,
    Element,
    Expression,
    ListLiteral,
    Literal,
    LooseComparison,
    Membership,
    Negation,
    Not,
    Or,
    Property,
    RangeLiteral,
    Target,
    TemporalLiteral,
)
from orchestrator.compiler.expressions.emission.code import Code, Kind, Level, invoke, quoted, scalar
from orchestrator.compiler.expressions.emission.comparisons import ordered_value
from orchestrator.compiler.expressions.emission.scope import Scope
from orchestrator.compiler.expressions.emission.translation import Translation
from orchestrator.compiler.expressions.temporal import Temporal
from orchestrator.compiler.expressions.traversal import mentions

_ARITHMETIC = {
    ArithmeticOperator.ADD: "add",
    ArithmeticOperator.SUBTRACT: "subtract",
    ArithmeticOperator.MULTIPLY: "multiply",
    ArithmeticOperator.DIVIDE: "divide",
    ArithmeticOperator.POWER: "raise",
    ArithmeticOperator.REMAINDER: "remainder",
}
_SHORT = 60
_COERCIONS = {
    Target.NUMBER: ("toNumber", Kind.NUMBER | Kind.MISSING),
    Target.TERM: ("toTerm", Kind.NUMBER | Kind.NULL),
    Target.TEXT: ("toText", Kind.STRING),
}


def present(code: Code) -> Code:
    """Turn what can be missing into null."""
    if not code.kinds & Kind.MISSING:
        return code
    kinds = (code.kinds & ~Kind.MISSING) | Kind.NULL
    if code.level is Level.ATOM and "(" not in code.text and len(code.text) < _SHORT:
        return Code(f"$exists({code.text}) ? {code.text} : null", kinds, Level.CHOICE)
    return Code(f"($it := {code.text}; $exists($it) ? $it : null)", kinds)


def tagged_literal(value: Temporal) -> str:
    """Write a temporal value as the tagged object that the prelude computes with."""
    offset = "" if value.offset is None else f', "offset": {value.offset}'
    return f'{{"@": {quoted(value.kind)}, "#": {value.count}{offset}}}'


def simple_value(to: Translation, node: Expression, scope: Scope) -> Code | None:  # noqa: PLR0911 -- one per node
    """Write literals, constructors and access; None where the node is of another sort."""
    match node:
        case Literal(value):
            return scalar(value)
        case TemporalLiteral(value):
            return Code(tagged_literal(value), Kind.TAGGED)
        case Property(subject, name):
            kinds = Kind.ANY if to.tagged else Kind.JSON
            return invoke("get", to.value(subject, scope), quoted(name), kinds=kinds)
        case Element(subject, key):
            return invoke("element", to.value(subject, scope), to.value(key, scope), kinds=Kind.JSON)
        case ListLiteral(items):
            return list_of(to, items, scope)
        case ContextLiteral(entries):
            return _context(to, entries, scope)
        case RangeLiteral():
            return _range(to, node, scope)
        case _:
            return None


def operation(to: Translation, node: Expression, scope: Scope) -> Code | None:
    """Write operators; None where the node is of another sort."""
    match node:
        case Arithmetic(operator, left, right):
            return _arithmetic(to, operator, to.value(left, scope), to.value(right, scope))
        case Negation(inner):
            return invoke("negate", to.value(inner, scope), kinds=Kind.ANY if to.tagged else Kind.NUMBER | Kind.NULL)
        case Conditional():
            return _conditional(to, node, scope)
        case Coercion(Target.TRUTH | Target.JSONATA_TRUTH):
            return to.true(node, scope)
        case Coercion(target, inner):
            return _coerced(target, to.value(inner, scope))
        case _:
            return logic(to, node, scope)


def logic(to: Translation, node: Expression, scope: Scope) -> Code | None:  # noqa: PLR0911 -- one per node
    """Write comparisons and connectives with their third value; None where the node is of another sort."""
    match node:
        case Comparison(ComparisonOperator.EQUAL, left, right):
            return invoke("eq", to.value(left, scope), to.value(right, scope), kinds=Kind.LOGIC)
        case Comparison(ComparisonOperator.UNEQUAL, left, right):
            return invoke("opposite", invoke("eq", to.value(left, scope), to.value(right, scope)), kinds=Kind.LOGIC)
        case Comparison(operator, left, right):
            return ordered_value(to, operator, left, right, scope)
        case LooseComparison(operator, left, right):
            return _loose(operator, to.value(left, scope), to.value(right, scope))
        case Membership(value, test):
            return invoke("member", to.value(value, scope), to.value(test, scope), kinds=Kind.BOOLEAN)
        case And(left, right):
            return invoke("both", to.value(left, scope), to.value(right, scope), kinds=Kind.LOGIC)
        case Or(left, right):
            return invoke("either", to.value(left, scope), to.value(right, scope), kinds=Kind.LOGIC)
        case Not(inner):
            return invoke("opposite", to.value(inner, scope), kinds=Kind.LOGIC)
        case _:
            return None


def _arithmetic(to: Translation, operator: ArithmeticOperator, left: Code, right: Code) -> Code:
    if operator is ArithmeticOperator.ADD and left.kinds == right.kinds == Kind.STRING:
        return Code(f"{left.at(Level.SUM)} & {right.at(Level.PRODUCT)}", Kind.STRING, Level.SUM)
    kinds = Kind.ANY if to.tagged else Kind.NUMBER | Kind.STRING | Kind.NULL
    if operator is not ArithmeticOperator.ADD and not to.tagged:
        kinds = Kind.NUMBER | Kind.NULL
    return invoke(_ARITHMETIC[operator], left, right, kinds=kinds)


def _coerced(target: Target, code: Code) -> Code:
    name, kinds = _COERCIONS[target]
    return code if code.kinds in (Kind.NUMBER, Kind.STRING) and code.kinds & kinds else invoke(name, code, kinds=kinds)


def list_of(to: Translation, items: tuple[Expression, ...], scope: Scope) -> Code:
    """Write a list; JSONata's constructor flattens arrays, so what can be one is boxed."""
    codes = [to.value(item, scope) for item in items]
    chunks: list[str] = []
    plain: list[str] = []
    for code in codes:
        if code.kinds & (Kind.LIST | Kind.MISSING) and code.kinds != Kind.LIST:
            chunks += [f"[{', '.join(plain)}]"] if plain else []
            chunks.append(invoke("box", code).text)
            plain = []
        else:
            plain.append(f"[{code.text}]" if code.kinds == Kind.LIST and not code.text.startswith("[") else code.text)
    chunks += [f"[{', '.join(plain)}]"] if plain or not chunks else []
    text = chunks[0]
    for chunk in chunks[1:]:
        text = f"$append({text}, {chunk})"
    return Code(text, Kind.LIST)


def _conditional(to: Translation, node: Conditional, scope: Scope) -> Code:
    condition = to.true(node.condition, scope)
    consequent, alternative = to.value(node.consequent, scope), to.value(node.alternative, scope)
    text = f"{condition.at(Level.OR)} ? {consequent.at(Level.OR)} : {alternative.text}"
    return Code(text, consequent.kinds | alternative.kinds, Level.CHOICE)


def _context(to: Translation, entries: tuple[tuple[str, Expression], ...], scope: Scope) -> Code:
    bindings: list[str] = []
    fields: list[str] = []
    for index, (key, value) in enumerate(entries):
        text = present(to.value(value, scope)).text
        if any(mentions(later, key) for _, later in entries[index + 1 :]):
            scope, variable = scope.bind(key)
            bindings.append(f"{variable} := {text}; ")
            text = variable
        fields.append(f"{quoted(key)}: {text}")
    built = f"{{{', '.join(fields)}}}"
    return Code(f"({''.join(bindings)}{built})" if bindings else built, Kind.CONTEXT)


def _range(to: Translation, node: RangeLiteral, scope: Scope) -> Code:
    low = present(to.value(node.low, scope)).text if node.low else "null"
    high = present(to.value(node.high, scope)).text if node.high else "null"
    included = f"{str(node.low_included).lower()}, {str(node.high_included).lower()}"
    return invoke("range", low, high, included, kinds=Kind.TAGGED)


def _loose(operator: ComparisonOperator, left: Code, right: Code) -> Code:
    match operator:
        case ComparisonOperator.EQUAL:
            return invoke("looselyEqual", left, right, kinds=Kind.BOOLEAN)
        case ComparisonOperator.UNEQUAL:
            return invoke("not", invoke("looselyEqual", left, right), kinds=Kind.BOOLEAN)
        case ComparisonOperator.LESS:
            return invoke("looselyLess", left, right, kinds=Kind.BOOLEAN)
        case ComparisonOperator.GREATER:
            return invoke("looselyLess", right, left, kinds=Kind.BOOLEAN)
        case ComparisonOperator.LESS_OR_EQUAL:
            return invoke("looselyAtMost", left, right, kinds=Kind.BOOLEAN)
        case ComparisonOperator.GREATER_OR_EQUAL:
            return invoke("looselyAtMost", right, left, kinds=Kind.BOOLEAN)
