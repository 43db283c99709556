"""XPath over process variables."""

from datetime import UTC, datetime

import pytest

from orchestrator.compiler.expressions import ErrorCode, ExpressionError, Language, emit_value, evaluate, parse
from tests.compiler.expressions.interpreters import run_python

NOW = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
VARIABLES = {
    "approved": True,
    "clarified": "no",
    "amount": "150",
    "order": {"total": 5, "lines": ["x", "y"]},
    "blank": "",
    "a-b": 3,
}
CASES = [
    ("bpmn:getDataObject('approved')", True),
    ("not(bpmn:getDataObject('approved'))", False),
    ("bpmn:getDataObject('clarified') = 'no'", True),
    ("getDataObject('order')/total > 4", True),
    ("bpmn:getProcessProperty('amount') >= 150", True),
    ("$amount + 1 = 151", True),
    ("$a-b - 1", 2),
    ("order/total * 2 div 5 mod 3", 2),
    ("count($order/lines)", 2),
    ("count(missing)", 0),
    ("$approved = true() and not($blank)", True),
    ("$missing = 'x' or $clarified != 'no'", False),
    ("contains($clarified, 'o') and starts-with(clarified, 'n')", True),
    ("concat($clarified, '-', $amount)", "no-150"),
    ("string-length($clarified)", 2),
    ("number($amount) < -1", False),
    ("floor(1.5) + ceiling(1.5)", 3),
    ("boolean($order)", True),
    ("substring-after('a=b', '=')", "b"),
    ("approved == true", True),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_meaning_in_python_and_in_jsonata(text, expected):
    node = parse(text, Language.XPATH)
    assert not isinstance(node, ExpressionError), node
    assert evaluate(node, VARIABLES, now=NOW) == expected
    assert run_python(emit_value(node, "v"), {"v": VARIABLES}) == expected


@pytest.mark.parametrize("text", ["position() = 1", "sum($x)", "getDataObject($name)", "a | b", "1 +"])
def test_what_has_no_meaning_here_is_refused(text):
    refusal = parse(text, Language.XPATH)
    assert isinstance(refusal, ExpressionError)
    assert refusal.code in (ErrorCode.UNSUPPORTED, ErrorCode.SYNTAX)
