"""Decisions give the results that DMN says, evaluated and as emitted JSONata."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.compiler.bpmn.decisions.model import required_by
from orchestrator.compiler.check.decisions.models import decision_value
from orchestrator.compiler.check.decisions.refusal import DecisionError
from orchestrator.compiler.expressions import emit_value, evaluate, variables_read
from tests.compiler.decisions.models import decision, decisions_of, literal, reference, table
from tests.compiler.expressions.interpreters import alike, run_python
from tests.compiler.expressions.test_laws import CLOCK, NOW

MULTIPLE = (("level", None, None), ("limit", None, None))
ROWS = [(["> 1"], ['"a"', "10"]), (["> 2"], ['"b"', "level"]), (["-"], ["null", "n + 1"])]
POLICIES = ("UNIQUE", "ANY", "FIRST", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT")
ORDER = [3, 1, 2, 5]


def value(decisions: str, variables: dict[str, Any], shape: str | None = None) -> Any:
    known = decisions_of(decisions)
    expression = decision_value(required_by(known["d"], known), shape)
    assert not isinstance(expression, DecisionError), expression
    found = evaluate(expression, variables, now=NOW)
    emitted = run_python(emit_value(expression, "v", clock="clock"), {"v": variables, "clock": CLOCK})
    assert alike(emitted, found), (emitted, found)
    return found


def refused(decisions: str, shape: str | None = None) -> str:
    known = decisions_of(decisions)
    expression = decision_value(required_by(known["d"], known), shape)
    assert isinstance(expression, DecisionError)
    return str(expression)


_rule = st.tuples(st.integers(0, 4), st.integers(0, 4), st.sampled_from(ORDER))


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(
        [(policy, None) for policy in POLICIES] + [("COLLECT", one) for one in ("SUM", "MIN", "MAX", "COUNT")]
    ),
    st.lists(_rule, max_size=5),
    st.integers(0, 4),
)
def test_a_table_is_what_its_hit_policy_makes_of_the_matches(kind, rules, n):
    policy, aggregation = kind
    rows = [([f"[{low}..{high}]"], [str(output)]) for low, high, output in rules]
    values = ("o", ", ".join(map(str, ORDER)), None)
    matched = [output for low, high, output in rules if low <= n <= high]
    found = value(decision(table(policy, rows, outputs=[values], aggregation=aggregation)), {"n": n})
    assert found == reference(policy, aggregation, matched, ORDER)


@pytest.mark.parametrize(
    ("policy", "n", "expected"),
    [
        ("FIRST", 3, {"level": "a", "limit": 10}),
        ("FIRST", 0, {"level": None, "limit": 1}),
        ("UNIQUE", 3, None),
        ("ANY", 3, None),
        ("RULE ORDER", 2, [{"level": "a", "limit": 10}, {"level": None, "limit": 3}]),
        ("COLLECT", 3, [{"level": "a", "limit": 10}, {"level": "b", "limit": None}, {"level": None, "limit": 4}]),
    ],
)
def test_several_outputs_are_a_context_whose_entries_do_not_see_each_other(policy, n, expected):
    assert value(decision(table(policy, ROWS, outputs=MULTIPLE)), {"n": n}) == expected


def test_priority_goes_by_the_outputs_from_left_to_right():
    outputs = [("level", '"b", "a"', None), ("limit", "2, 1", None)]
    rows = [(["-"], ['"a"', "2"]), (["-"], ['"b"', "1"]), (["-"], ['"b"', "2"])]
    assert value(decision(table("PRIORITY", rows, outputs=outputs)), {"n": 0}) == {"level": "b", "limit": 2}
    ordered = value(decision(table("OUTPUT ORDER", rows, outputs=outputs)), {"n": 0})
    assert [(one["level"], one["limit"]) for one in ordered] == [("b", 2), ("b", 1), ("a", 2)]


@pytest.mark.parametrize(
    ("policy", "aggregation", "expected"),
    [("UNIQUE", None, 7), ("COLLECT", None, [7]), ("COLLECT", "SUM", 7), ("FIRST", None, 7)],
)
def test_the_default_output_stands_where_no_rule_matches(policy, aggregation, expected):
    rows = [(["> 5"], ["1"])]
    logic = table(policy, rows, outputs=[("o", None, "7")], aggregation=aggregation)
    assert value(decision(logic), {"n": 1}) == expected


@pytest.mark.parametrize(
    ("test", "n", "matches"),
    [("not(1, 2)", 3, True), ("not(1, 2)", 1, False), ("? + m > 4", 3, True), ("> 1", None, False), ("-", None, True),
     ("null", None, True), ("m", 2, True), ("1, > 2", 3, True), ('> "x"', 3, False)],
)  # fmt: skip
def test_cells_are_unary_tests(test, n, matches):
    assert value(decision(table("FIRST", [([test], ["true"])])), {"n": n, "m": 2}) is (True if matches else None)


def test_required_decisions_are_read_by_name():
    decisions = (
        decision(table("FIRST", [(["> 5", "-"], ["double * 10"])], inputs=("double", "n")), requires=["double"])
        + decision(literal("base * 2"), "double", ["base"])
        + decision(literal("n + 1"), "base")
    )
    assert value(decisions, {"n": 3, "base": 100}) == 80
    known = decisions_of(decisions)
    expression = decision_value(required_by(known["d"], known))
    assert not isinstance(expression, DecisionError)
    assert variables_read(expression) == {"n"}


@pytest.mark.parametrize(
    ("policy", "shape", "n", "expected"),
    [
        ("FIRST", "singleEntry", 2, 1),
        ("FIRST", "singleResult", 2, {"o": 1}),
        ("FIRST", "collectEntries", 2, [1]),
        ("FIRST", "resultList", 2, [{"o": 1}]),
        ("FIRST", "resultList", 0, []),
        ("COLLECT", "resultList", 3, [{"o": 1}, {"o": 2}]),
        ("COLLECT", "collectEntries", 3, [1, 2]),
        ("COLLECT", "singleEntry", 2, 1),
        ("COLLECT", "singleEntry", 3, None),
    ],
)
def test_results_are_mapped_as_camunda_does(policy, shape, n, expected):
    logic = table(policy, [(["> 1"], ["1"]), (["> 2"], ["2"])])
    assert value(decision(logic), {"n": n}, shape) == expected


@pytest.mark.parametrize(
    ("logic", "shape", "reason"),
    [
        (table("MOST", []), None, "no hit policy"),
        (table("FIRST", [], aggregation="SUM"), None, "no aggregation"),
        (table("COLLECT", [], aggregation="AVERAGE"), None, "no aggregation"),
        (table("COLLECT", [], outputs=MULTIPLE, aggregation="SUM"), None, "several outputs"),
        (table("FIRST", [(["1", "2"], ["1"])]), None, "one entry per input"),
        (table("FIRST", [], outputs=()), None, "no output"),
        (table("FIRST", [(["1"], ["1 +"])]), None, "'1 +'"),
        (table("PRIORITY", [(["1"], ["1"])]), None, "needs output values"),
        (table("PRIORITY", [(["1"], ["9"])], outputs=[("o", "1, 2", None)]), None, "none of the output values"),
        (table("FIRST", [], outputs=MULTIPLE), "singleEntry", "one output"),
        (table("FIRST", []), "firstOne", "no mapping"),
        ("<context/>", None, "boxed context"),
        ("", None, "nothing about how"),
    ],
)
def test_what_cannot_be_evaluated_is_refused(logic, shape, reason):
    assert reason in refused(decision(logic), shape)


def test_requirements_must_be_there_and_end():
    assert "does not contain" in refused(decision(literal("1"), requires=["other"]))
    assert "requires itself" in refused(decision(literal("1"), requires=["e"]) + decision(literal("1"), "e", ["d"]))


def test_other_languages_are_refused():
    known = decisions_of(decision('<literalExpression expressionLanguage="groovy"><text>1</text></literalExpression>'))
    assert "groovy" in str(decision_value(required_by(known["d"], known)))
