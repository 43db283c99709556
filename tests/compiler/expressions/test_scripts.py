"""Scripts of other engines: what is translated means what it says, everything else is refused whole."""

from datetime import UTC, datetime

import pytest

from orchestrator.compiler.expressions import ErrorCode, ExpressionError, Language, detect, evaluate, parse
from orchestrator.compiler.expressions.script.parser import translate

NOW = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
VARIABLES = {
    "action": 4,
    "employee": "john",
    "traveller": {"processed": True, "name": "Ada"},
    "order": {"total": 5},
    "n": 2,
    "xs": ["a"],
}
CONDITIONS = [
    ("return action==4;", True),
    ("return action == 5 ;", False),
    ('return employee == "john";', True),
    ("employee === 'mary'", False),
    ("employee !== 'mary'", True),
    ("return true;", True),
    ("return !traveller.isProcessed();", False),
    ("return traveller.getName().equals('Ada') && n < 3;", True),
    ('kcontext.getVariable("n") > 1', True),
    ("execution.getVariable('n') % 2 == 0", True),
    ("order.total >= 5 || xs.isEmpty()", True),
    ("next(null, this.environment.variables.n < 0);", False),
    ('return KieFunctions.equalsTo(employee, "john");', True),
    ('return KieFunctions.greaterThan(action, "3") && !KieFunctions.lessThan(action, "3");', True),
    ('return KieFunctions.between(action, "1", "4");', True),
    ("return KieFunctions.isTrue(traveller.isProcessed());", True),
    ("return KieFunctions.isNull(employee) || KieFunctions.isFalse(missing);", False),
    ('return KieFunctions.startsWith(employee, "jo") && KieFunctions.contains(employee, "oh");', True),
    ("return (Integer) action > 3;", True),
    ('return ((java.lang.Integer) kcontext.getVariable("action")).intValue() > 4;', False),
    ('return ((List<String>) xs).contains("a");', True),
    ("return ('a' + employee) == 'ajohn'; // who", True),
]


@pytest.mark.parametrize(("text", "expected"), CONDITIONS)
def test_conditions(text: str, expected: bool) -> None:
    tree = parse(text, Language.SCRIPT)
    assert not isinstance(tree, ExpressionError)
    assert evaluate(tree, VARIABLES, now=NOW) is expected


@pytest.mark.parametrize(
    "text",
    [
        "return a; b",
        "var x = 1; return x > 0",
        "for (x : xs) { }",
        "service.call(action)",
        "a + b",
        "Thread.sleep(1)",
        "execution.setVariable('a', 1)",
        "item = item + 1;",
        "",
    ],
)
def test_more_than_one_plain_expression_is_refused(text: str) -> None:
    refused = parse(text, Language.SCRIPT)
    assert isinstance(refused, ExpressionError)
    assert refused.code is ErrorCode.UNSUPPORTED_LANGUAGE


def test_a_script_sets_variables_in_its_order_and_prints() -> None:
    script = translate('System.out.println("a;b"); /* x */\nkcontext.setVariable("action", 1);\nreturn n * 2;')
    assert not isinstance(script, ExpressionError)
    assert script.value is not None
    values = {name: evaluate(value, VARIABLES, now=NOW) for name, value in script.assignments}
    assert (values, evaluate(script.value, VARIABLES, now=NOW)) == ({"action": 1}, 4)


def test_a_script_that_reads_what_it_has_set_is_refused() -> None:
    assert isinstance(translate("execution.setVariable('a', 1); execution.setVariable('b', a)"), ExpressionError)


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("action == 4", "http://www.java.com/java", Language.SCRIPT),
        ("action == 4", "http://www.mvel.org/2.0", Language.SCRIPT),
        ("x", "JavaScript", Language.SCRIPT),
        ("return x;", None, Language.SCRIPT),
        ("a === b", None, Language.SCRIPT),
        ("x", None, Language.BARE),
    ],
)
def test_languages(text: str, declared: str | None, language: Language) -> None:
    assert detect(text, declared) is language
