"""JUEL, JSONata, bare conditions: detection, meaning, refusals."""

from datetime import UTC, datetime

import pytest

from orchestrator.compiler.expressions import (
    ErrorCode,
    ExpressionError,
    Language,
    detect,
    emit_condition,
    emit_value,
    evaluate,
    parse,
    variables_read,
)
from tests.compiler.expressions.interpreters import alike, needs_node, run_node, run_python

NOW = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
VARIABLES = {
    "amount": "150",
    "n": 4,
    "flag": True,
    "yes": "TRUE",
    "name": "Ada",
    "xs": ["a", "b"],
    "empty_list": [],
    "blank": "",
    "order": {"total": 5, "lines": [{"sku": "x"}]},
    "off": False,
    "number_text": "5",
}
DATA = {"v": VARIABLES, "clock": int(NOW.timestamp() * 1000)}

JUEL = [
    ("${flag}", True),
    ("#{flag}", True),
    ("${!flag}", False),
    ("${not off}", True),
    ("${yes && flag}", True),
    ("${missing || flag}", True),
    ("${!missing}", True),
    ("${amount > 100}", True),
    ("${amount gt 200}", False),
    ("${missing > 1}", None),
    ("${n % 2 == 0}", True),
    ("${n mod 3 eq 1}", True),
    ("${name == 'Ada'}", True),
    ("${name != 'Ada'}", False),
    ("${missing == null}", True),
    ("${missing != 'x'}", True),
    ("${number_text == 5}", True),
    ("${n == '4'}", True),
    ("${flag == 'true'}", True),
    ("${flag == true}", True),
    ("${off == false}", True),
    ("${missing == false}", False),
    ("${name < 'Bob'}", True),
    ("${amount < n}", False),
    ("${empty missing}", True),
    ("${empty empty_list}", True),
    ("${empty blank}", True),
    ("${not empty xs}", True),
    ("${order.total + 1}", 6),
    ("${amount + 1}", 151),
    ("${missing + 1}", 1),
    ("${n / 8}", 0.5),
    ("${-n}", -4),
    ("${xs[1]}", "b"),
    ("${order['total']}", 5),
    ("${order.lines[0].sku}", "x"),
    ("${xs[9]}", None),
    ("${flag ? 'a' : 'b'}", "a"),
    ("${xs.contains('a')}", True),
    ("${name.contains('d')}", True),
    ("${name.equals('Ada')}", True),
    ("${name.toUpperCase()}", "ADA"),
    ("${xs.size() > 1}", True),
    ("${name.length() == 3}", True),
    ("${xs.isEmpty()}", False),
    ("${name.startsWith('A')}", True),
    ("${order.get('total') >= 5}", True),
    ("${name.equalsIgnoreCase('ADA')}", True),
    ("${execution.getVariable('flag')}", True),
    ("${execution.hasVariable('nope')}", False),
    ("Dear ${name}, ${n}!", "Dear Ada, 4!"),
    ("plain", "plain"),
    ("\\${name}", "${name}"),
    ("${name}${n}", "Ada4"),
    ("${n >= 4 and n <= 4}", True),
    ("${order.containsKey('total')}", True),
    ("${'it''s' == 1}", ExpressionError),
    ("${name.substring(1)}", "da"),
    ("${name.substring(0, 2)}", "Ad"),
    ("${name.concat('!')}", "Ada!"),
    ("${variables:get(n) == 4}", True),
    ("${vars:getOrDefault('missing', 3)}", 3),
    ("${var:exists(missing)}", False),
    ("${variables:equals(name, 'Ada')}", True),
    ("${variables:ne(missing, 'Ada')}", True),
    ("${variables:isEmpty(blank) && !vars:notEmpty(empty_list)}", True),
    ("${variables:greaterThan(amount, 100)}", True),
    ("${variables:lte(missing, 100)}", False),
    ("${variables:contains(xs, 'a', 'b')}", True),
    ("${variables:containsAny(xs, 'x', 'b')}", True),
    ("${variables:base64(xs)}", ExpressionError),
    ("${now()}", "2024-02-29T12:30:00Z"),
    ("${dateTime().plusDays(1).minusHours(2).toDate()}", "2024-03-01T10:30:00Z"),
    ("${now().plusMonths(n)}", ExpressionError),
    ("${name.plusDays(1)}", ExpressionError),
    ('${"a}b"}', "a}b"),
]
JSONATA = [
    ("{% n > 3 and flag %}", True),
    ("{% $count(xs) = 2 %}", True),
    ("{% order.total * 2 %}", 10),
    ('{% name & "!" %}', "Ada!"),
    ("{% xs[0] %}", "a"),
    ("{% xs[-1] %}", "b"),
    ('{% name in ["Ada"] %}', True),
    ("{% $exists(missing) %}", False),
    ("{% $not(flag) %}", False),
    ("{% name + 1 %}", None),
    ("{% missing > 1 %}", False),
    ('{% flag ? {"a": [n]} : null %}', {"a": [4]}),
    ("{% $sum([1, n]) %}", 5),
    ('{% $substringBefore(name, "x") %}', "Ada"),
    ("{% $count(missing) %}", 0),
    ("{% order.lines.sku %}", ["x"]),
    ("{% /* c */ `n` %}", 4),
    ("{% blank or n %}", True),
]
BARE = [
    ("flag", True),
    ("n = 4", True),
    ("n == 4 or n == 5", True),
    ("!off", True),
    ("not off", True),
    ('name == "Ada"', True),
    ("n % 2 != 0", False),
    ("not(flag)", False),
    ("flag ? n > 3 : off", True),
    ('some x in xs satisfies x = "a"', True),
]


def _check(text, language, expected):
    node = parse(text, language)
    if expected is ExpressionError:
        assert isinstance(node, ExpressionError)
        return
    assert not isinstance(node, ExpressionError), node
    assert alike(evaluate(node, VARIABLES, now=NOW), expected)
    assert alike(run_python(emit_value(node, "v", clock="clock"), DATA), expected)
    assert run_python(emit_condition(node, "v", clock="clock"), DATA) is (expected is True)


@pytest.mark.parametrize(("text", "expected"), JUEL)
def test_juel(text, expected):
    _check(text, Language.JUEL, expected)


@pytest.mark.parametrize(("text", "expected"), JSONATA)
def test_jsonata(text, expected):
    _check(text, Language.JSONATA, expected)


@pytest.mark.parametrize(("text", "expected"), BARE)
def test_bare(text, expected):
    assert detect(text) is Language.BARE
    _check(text, Language.BARE, expected)


@needs_node
def test_jsonata_of_node_agrees():
    cases = [(text, Language.JUEL, value) for text, value in JUEL] + [
        (text, Language.JSONATA, value) for text, value in JSONATA
    ]
    questions, expectations = [], {}
    for index, (text, language, expected) in enumerate(cases):
        node = parse(text, language)
        if not isinstance(node, ExpressionError):
            questions.append(
                {"id": str(index), "language": "jsonata", "text": emit_value(node, "v", clock="clock"), "data": DATA}
            )
            expectations[str(index)] = (text, expected)
    answers = run_node(questions)
    assert not {
        text: answers[key]
        for key, (text, wanted) in expectations.items()
        if not alike(answers[key].get("value", "error"), wanted)
    }


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("=a > 1", None, Language.FEEL),
        ("${a}", None, Language.JUEL),
        ("x#{a}", None, Language.JUEL),
        ("{% a %}", None, Language.JSONATA),
        ("a > 1", None, Language.BARE),
        ("a > 1", "https://www.omg.org/spec/DMN/20191111/FEEL/", Language.FEEL),
        ("${a}", "http://www.w3.org/1999/XPath", Language.JUEL),
        ("${a}", "juel", Language.JUEL),
        ("a", "FEEL", Language.FEEL),
        ("a = '//'", "http://www.w3.org/1999/XPath", Language.XPATH),
        ("bpmn:getDataObject('a') = 'yes'", None, Language.XPATH),
        ("a", "python", Language.PYTHON),
    ],
)
def test_detect(text, declared, expected):
    assert detect(text, declared) is expected


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        ("$x/@value = 'a'", "http://www.w3.org/1999/XPath"),
        ("${a}", "ruby"),
        ("a", "http://www.jboss.org/drools/rule"),
        ("$x//@value = 'a'", None),
    ],
)
def test_other_languages_are_refused(text, declared):
    refusal = detect(text, declared)
    assert isinstance(refusal, ExpressionError)
    assert refusal.code is ErrorCode.UNSUPPORTED_LANGUAGE


@pytest.mark.parametrize(
    ("text", "language", "code", "position"),
    [
        ("=1 +", Language.FEEL, ErrorCode.SYNTAX, None),
        ("=a ? b", Language.FEEL, ErrorCode.SYNTAX, 3),
        ("= (1", Language.FEEL, ErrorCode.SYNTAX, None),
        ("=a ] b", Language.FEEL, ErrorCode.SYNTAX, 3),
        ("=foo(1)", Language.FEEL, ErrorCode.UNSUPPORTED, 1),
        ("=matches(a, b)", Language.FEEL, ErrorCode.UNSUPPORTED, 1),
        ('=replace(a, "x*", "")', Language.FEEL, ErrorCode.UNSUPPORTED, 1),
        ('=matches(a, "\\\\p{L}")', Language.FEEL, ErrorCode.UNSUPPORTED, 1),
        ('=@"2024-01-01T10:00:00@Europe/Paris"', Language.FEEL, ErrorCode.UNSUPPORTED, 1),
        ('=@"2024-02-30"', Language.FEEL, ErrorCode.SYNTAX, 1),
        ("=1e999", Language.FEEL, ErrorCode.UNSUPPORTED, 1),
        ("=function(x) x", Language.FEEL, ErrorCode.UNSUPPORTED, 1),
        ("=substring(1)", Language.FEEL, ErrorCode.UNSUPPORTED, 1),
        ("=random number()", Language.FEEL, ErrorCode.UNSUPPORTED, 1),
        ("=log(2)", Language.FEEL, ErrorCode.UNSUPPORTED, 1),
        ("=# 1", Language.FEEL, ErrorCode.SYNTAX, 1),
        ("${a b}", Language.JUEL, ErrorCode.SYNTAX, 4),
        ("${a", Language.JUEL, ErrorCode.SYNTAX, 0),
        ("${bean.call(1)}", Language.JUEL, ErrorCode.UNSUPPORTED, 7),
        ("${fn(1)}", Language.JUEL, ErrorCode.UNSUPPORTED, 2),
        ("${execution.setVariable('a', 1)}", Language.JUEL, ErrorCode.UNSUPPORTED, 12),
        ("${execution.id}", Language.JUEL, ErrorCode.UNSUPPORTED, 12),
        ("{% $sort(x) %}", Language.JSONATA, ErrorCode.UNSUPPORTED, 3),
        ("{% $$.a %}", Language.JSONATA, ErrorCode.UNSUPPORTED, None),
        ('cf("flow3")', Language.BARE, ErrorCode.UNSUPPORTED, 0),
    ],
)
def test_refusals_say_what_and_where(text, language, code, position):
    refusal = parse(text, language)
    assert isinstance(refusal, ExpressionError)
    assert refusal.code is code
    assert refusal.position == position
    assert refusal.message


@pytest.mark.parametrize(
    "text",
    [
        "=amount > 1000",
        '=status = "approved"',
        '=status != "approved"',
        "=order.total > 5",
        "=approved",
        "=not(approved)",
        '=x in ["a", "b"]',
        "=x = null",
    ],
)
def test_plain_conditions_stay_short(text):
    node = parse(text, Language.FEEL)
    assert not isinstance(node, ExpressionError)
    assert len(emit_condition(node)) < 170


@pytest.mark.parametrize(
    "text", ["=" + " or ".join(["a"] * 151), "=" + "[" * 300 + "]" * 300, "=" + "if a then b else " * 200 + "c"]
)
def test_what_is_nested_too_deeply_is_refused(text):
    refusal = parse(text, Language.FEEL)
    assert isinstance(refusal, ExpressionError)
    assert refusal.code is ErrorCode.UNSUPPORTED


def test_a_hundred_alternatives_are_fine():
    node = parse("=" + " or ".join(f"a{number} > {number}" for number in range(100)), Language.FEEL)
    assert not isinstance(node, ExpressionError)
    assert run_python(emit_condition(node, "v"), {"v": {"a99": 100}}) is True


def test_variables_read():
    node = parse(
        "=for x in xs return x + y + order.lines[price > z][1].sku + (if flag then {a: b, c: a}.c else 0)",
        Language.FEEL,
    )
    assert not isinstance(node, ExpressionError)
    assert variables_read(node) == {"xs", "y", "order", "price", "z", "flag", "b"}
