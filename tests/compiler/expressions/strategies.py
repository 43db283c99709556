"""Random expressions and random process variables."""

from typing import Any

from hypothesis import strategies as st

from orchestrator.compiler.expressions import ast
from orchestrator.compiler.expressions.builtin import LIST_OF_ARGUMENTS, SIGNATURES, Builtin
from orchestrator.compiler.expressions.temporal import Temporal, TemporalKind

NAMES = ("a", "b", "c d", "xs", "and")
FIELDS = ("a", "b", "year", "and")

_text = st.text(st.sampled_from('ab1-. TPé"\\'), max_size=4) | st.sampled_from(
    ["true", "TRUE", "12", "-1.5e3", "2024-02-29", "P1Y2M", "PT1H", "2024-02-29T23:30:00+02:00", "10:00:00Z", "x,y"]
)
_numbers = st.integers(-5, 5) | st.sampled_from([0.5, -2.25, 100, 1e12, 2.5, 0.1])
_scalars = st.none() | st.booleans() | _numbers | _text
json_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=3),
    max_leaves=6,
)
variables: st.SearchStrategy[dict[str, Any]] = st.dictionaries(st.sampled_from(NAMES), json_values, max_size=5)

_temporals = st.builds(
    Temporal,
    st.sampled_from([TemporalKind.DATE, TemporalKind.MONTHS, TemporalKind.DURATION]),
    st.integers(-40_000, 40_000),
) | st.builds(
    Temporal,
    st.sampled_from([TemporalKind.TIME, TemporalKind.DATE_TIME]),
    st.integers(0, 86_399_999),
    st.none() | st.integers(-840, 840),
)
_OF_OTHER_STRATEGIES = {Builtin.MATCHES, Builtin.REPLACE, Builtin.SPLIT, Builtin.SIZE, Builtin.EMPTY}


_listed = st.lists(_scalars, max_size=4) | st.lists(_numbers, max_size=5) | st.lists(_text, max_size=4)


def _literal(value: Any) -> ast.Expression:
    if isinstance(value, list):
        return ast.ListLiteral(tuple(_literal(item) for item in value))
    if isinstance(value, dict):
        return ast.ContextLiteral(tuple((key, _literal(entry)) for key, entry in value.items()))
    return ast.TemporalLiteral(value) if isinstance(value, Temporal) else ast.Literal(value)


_points = st.builds(Temporal, st.just(TemporalKind.DATE), st.integers(-900_000, 900_000)) | st.builds(
    Temporal, st.just(TemporalKind.DATE_TIME), st.integers(-(10**13), 10**13), st.none() | st.just(0) | st.just(90)
)
_ends = st.integers(0, 6).map(ast.Literal)
_ranges = st.builds(ast.RangeLiteral, _ends, _ends, st.booleans(), st.booleans()) | _ends
_contexts = st.dictionaries(st.sampled_from(FIELDS), _scalars, max_size=3)
_FITTING: dict[str, st.SearchStrategy[ast.Expression]] = (
    dict.fromkeys(("string", "match", "input"), _text.map(_literal))
    | dict.fromkeys(
        ("n", "number", "dividend", "divisor", "start position", "length", "position", "size"), _numbers.map(_literal)
    )
    | dict.fromkeys(("scale", "hour", "minute", "second"), st.integers(-3, 24).map(_literal))
    | {"list": _listed.map(_literal), "year": st.integers(1999, 2005).map(_literal), "offset": _temporals.map(_literal)}
    | {"month": st.integers(0, 13).map(_literal), "day": st.integers(0, 32).map(_literal)}
    | dict.fromkeys(("date", "to"), _points.map(_literal))
    | dict.fromkeys(("value1", "value2", "time"), _temporals.map(_literal))
    | dict.fromkeys(("a", "b"), _ranges)
    | dict.fromkeys(("m", "context"), _contexts.map(_literal))
    | dict.fromkeys(("contexts", "entries"), st.lists(_contexts, max_size=3).map(_literal))
    | {"key": st.sampled_from(FIELDS).map(_literal), "from": (_text | _numbers | _points | _temporals).map(_literal)}
    | {"keys": st.lists(st.sampled_from(FIELDS), max_size=3).map(_literal)}
)


@st.composite
def _calls(draw: st.DrawFn, inner: st.SearchStrategy[ast.Expression]) -> ast.Expression:
    function = draw(st.sampled_from([name for name in Builtin if name not in _OF_OTHER_STRATEGIES]))
    signature = draw(st.sampled_from(SIGNATURES[function]))
    least = sum(not parameter.endswith("?") for parameter in signature)
    count = 1 if function is Builtin.SORT else draw(st.integers(least, len(signature)))
    arguments = [
        draw(inner if draw(st.integers(0, 5)) == 0 else _FITTING.get(parameter.rstrip("?*"), inner))
        for parameter in signature[:count]
    ]
    if signature and signature[-1].endswith("*") and function not in LIST_OF_ARGUMENTS:
        arguments[-1] = ast.ListLiteral(tuple(draw(st.lists(_FITTING.get("list", inner) | inner, max_size=2))))
    return ast.Call(function, tuple(arguments))


def _patterns(inner: st.SearchStrategy[ast.Expression]) -> st.SearchStrategy[ast.Expression]:
    texts = st.sampled_from(["a", "[ab]+", "(a)(b)", "-", "^a", "T|P", "1/2", ","])
    literal = st.builds(ast.Literal, texts)
    replacement = st.builds(ast.Literal, st.sampled_from(["x", "$1", "<$0>", "$$", "", "$9", "$2$1"]))
    return (
        st.builds(lambda s, p: ast.Call(Builtin.MATCHES, (s, p)), inner, literal)
        | st.builds(lambda s, p: ast.Call(Builtin.MATCHES, (s, p, ast.Literal("i"))), inner, literal)
        | st.builds(lambda s, p: ast.Call(Builtin.SPLIT, (s, p)), inner, literal)
        | st.builds(lambda s, p, r: ast.Call(Builtin.REPLACE, (s, p, r)), inner, literal, replacement | inner)
    )


def _iterators(inner: st.SearchStrategy[ast.Expression]) -> st.SearchStrategy[tuple[ast.Iterator, ...]]:
    one = st.builds(ast.Iterator, st.sampled_from(("i", "a", "j k")), inner, st.none() | st.none() | inner)
    return st.lists(one, min_size=1, max_size=2, unique_by=lambda iterator: iterator.name).map(tuple)


def _compound(inner: st.SearchStrategy[ast.Expression]) -> st.SearchStrategy[ast.Expression]:
    named = st.builds(ast.Variable, st.sampled_from((*NAMES, "i", "item", "j k")))
    local = inner | named
    types = st.sampled_from(["number", "string", "boolean", "list", "context", "Any", "Null", "date"])
    wanted = st.builds(ast.FeelType, types) | st.builds(ast.FeelType, st.just("list"), st.builds(ast.FeelType, types))
    entries = st.dictionaries(st.sampled_from(FIELDS), inner, max_size=2).map(lambda found: tuple(found.items()))
    comparison = st.sampled_from(list(ast.ComparisonOperator))
    return st.one_of(
        st.builds(ast.Property, inner, st.sampled_from((*FIELDS, "month", "days", "hour", "start"))),
        st.builds(ast.Filter, inner, local),
        st.builds(ast.Negation, inner),
        st.builds(ast.Arithmetic, st.sampled_from(list(ast.ArithmeticOperator)), inner, inner),
        st.builds(ast.Comparison, comparison, inner, inner),
        st.builds(ast.And, inner, inner),
        st.builds(ast.Or, inner, inner),
        st.builds(ast.Not, inner),
        st.builds(ast.Membership, inner, inner),
        st.builds(ast.Conditional, inner, inner, inner),
        st.builds(ast.For, _iterators(inner), local),
        st.builds(ast.Quantified, st.sampled_from(list(ast.Quantifier)), _iterators(inner), local),
        st.builds(ast.ListLiteral, st.lists(inner, max_size=3).map(tuple)),
        st.builds(ast.ContextLiteral, entries),
        st.builds(ast.InstanceOf, inner, wanted),
        st.builds(ast.RangeLiteral, inner | st.none(), inner, st.booleans(), st.booleans()),
        _calls(inner),
        _calls(inner),
        _temporal_arithmetic,
        _patterns(inner),
    )


_temporal_literals = (_temporals | _points).map(_literal)
_temporal_arithmetic = st.builds(
    ast.Arithmetic,
    st.sampled_from(list(ast.ArithmeticOperator)),
    _temporal_literals,
    _temporal_literals | _numbers.map(_literal),
) | st.builds(ast.Comparison, st.sampled_from(list(ast.ComparisonOperator)), _temporal_literals, _temporal_literals)


def _converting(inner: st.SearchStrategy[ast.Expression]) -> st.SearchStrategy[ast.Expression]:
    """What JUEL and JSONata add to FEEL; they have no temporal values."""
    comparison = st.sampled_from(list(ast.ComparisonOperator))
    return st.one_of(
        st.builds(ast.Element, inner, inner),
        st.builds(ast.LooseComparison, comparison, inner, inner),
        st.builds(ast.Coercion, st.sampled_from(list(ast.Target)), inner),
        st.builds(ast.Arithmetic, st.sampled_from(list(ast.ArithmeticOperator)), inner, inner),
        st.builds(ast.Comparison, comparison, inner, inner),
        st.builds(ast.And, inner, inner),
        st.builds(ast.Not, inner),
        st.builds(ast.Conditional, inner, inner, inner),
        st.builds(ast.Property, inner, st.sampled_from(FIELDS)),
        st.builds(lambda operand: ast.Call(Builtin.EMPTY, (operand,)), inner),
        st.builds(lambda operand: ast.Call(Builtin.SIZE, (operand,)), inner),
    )


_plain_leaves = (
    st.builds(ast.Literal, _scalars)
    | st.builds(ast.Variable, st.sampled_from(NAMES))
    | st.builds(ast.Variable, st.sampled_from(NAMES))
)
feel: st.SearchStrategy[ast.Expression] = st.recursive(_plain_leaves | _temporal_literals, _compound, max_leaves=8)
juel: st.SearchStrategy[ast.Expression] = st.recursive(_plain_leaves, _converting, max_leaves=8)
expressions = feel | juel
