"""FEEL: the value in Python, and of the emitted JSONata in both interpreters, and in feelin."""

from datetime import UTC, datetime

import pytest

from orchestrator.compiler.expressions import (
    ExpressionError,
    Language,
    emit_condition,
    emit_unary_tests,
    emit_value,
    evaluate,
    parse,
    parse_unary_tests,
)
from tests.compiler.expressions.feel_cases import CASES, FEELIN_DIFFERS, UNARY, VARIABLES
from tests.compiler.expressions.interpreters import alike, needs_node, run_node, run_python

NOW = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
DATA = {"v": VARIABLES, "clock": int(NOW.timestamp() * 1000)}


def _parsed(text):
    node = parse(text, Language.FEEL)
    assert not isinstance(node, ExpressionError), node
    return node


def _cell(text):
    node = parse_unary_tests(text)
    assert not isinstance(node, ExpressionError), node
    return node


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_value_in_python(text, expected):
    assert alike(evaluate(_parsed(text), VARIABLES, now=NOW), expected)


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_value_and_condition_in_jsonata_python(text, expected):
    node = _parsed(text)
    assert alike(run_python(emit_value(node, "v", clock="clock"), DATA), expected)
    assert run_python(emit_condition(node, "v", clock="clock"), DATA) is (expected is True)


@pytest.mark.parametrize(("text", "value", "expected"), UNARY)
def test_cell_of_a_decision_table(text, value, expected):
    node = _cell(text)
    emitted = emit_unary_tests(node, "input", "v", clock="clock")
    assert (evaluate(node, VARIABLES, now=NOW, input_value=value) is True) is expected
    assert run_python(emitted, DATA | {"input": value}) is expected


@needs_node
def test_values_and_conditions_in_jsonata_of_node():
    questions, expectations = [], {}
    for index, (text, expected) in enumerate(CASES):
        node = _parsed(text)
        for kind, emitted, wanted in (
            ("value", emit_value(node, "v", clock="clock"), expected),
            ("condition", emit_condition(node, "v", clock="clock"), expected is True),
        ):
            questions.append({"id": f"{kind} {index}", "language": "jsonata", "text": emitted, "data": DATA})
            expectations[f"{kind} {index}"] = (text, wanted)
    answers = run_node(questions)
    wrong = {
        text: answers[key]
        for key, (text, wanted) in expectations.items()
        if not alike(answers[key].get("value", "error"), wanted)
    }
    assert not wrong


@needs_node
def test_feelin_agrees_but_for_known_differences():
    """A difference that has gone must leave the table, so the sets are equal."""
    questions = [
        {"id": str(index), "language": "feel", "text": text, "data": VARIABLES} for index, (text, _) in enumerate(CASES)
    ]
    answers = run_node(questions)
    differing = {
        text
        for index, (text, expected) in enumerate(CASES)
        if not alike(answers[str(index)].get("value", "error"), expected)
    }
    assert differing == set(FEELIN_DIFFERS)


@needs_node
def test_feelin_agrees_on_cells():
    questions = [
        {"id": str(index), "language": "unary", "text": text, "data": VARIABLES | {"?": value}}
        for index, (text, value, _) in enumerate(UNARY)
        if text
    ]
    answers = run_node(questions)
    differing = {
        (text, value)
        for index, (text, value, expected) in enumerate(UNARY)
        if text and (answers[str(index)].get("value") is True) is not expected
    }
    assert not differing
