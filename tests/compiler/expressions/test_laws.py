"""For any expression and any process variables: emitted JSONata is total and means what the tree means."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, Phase, example, given, seed, settings
from hypothesis import strategies as st

from orchestrator.compiler.expressions import emit_condition, emit_value, evaluate, variables_read
from orchestrator.compiler.expressions.ast import Coercion, Literal, Target
from tests.compiler.expressions.interpreters import alike, needs_node, run_node, run_python
from tests.compiler.expressions.strategies import NAMES, expressions, variables

NOW = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
CLOCK = int(NOW.timestamp() * 1000)
slow = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@slow
@example(Coercion(Target.TRUTH, Coercion(Target.TEXT, Literal("true"))), {})
@given(expressions, variables)
def test_the_condition_is_true_exactly_where_the_value_is(expression, known):
    text = emit_condition(expression, "v", clock="clock")
    assert run_python(text, {"v": known, "clock": CLOCK}) is (evaluate(expression, known, now=NOW) is True)


@slow
@given(expressions, variables)
def test_the_emitted_value_is_the_evaluated_one(expression, known):
    text = emit_value(expression, "v", clock="clock")
    assert alike(run_python(text, {"v": known, "clock": CLOCK}), evaluate(expression, known, now=NOW))


_extremes = st.sampled_from([1.7976931348623157e308, -1e308, 5e-324, 2**60, 1e16, -0.0, 10**15, 3])


@slow
@given(expressions, st.dictionaries(st.sampled_from(NAMES), _extremes | st.lists(_extremes, max_size=3)))
def test_numbers_at_the_ends_of_doubles_do_no_harm(expression, known):
    data = {"v": known, "clock": CLOCK}
    assert run_python(emit_condition(expression, "v", clock="clock"), data) in (True, False)
    run_python(emit_value(expression, "v", clock="clock"), data)


@slow
@given(expressions, variables, st.sampled_from(("a", "b", "xs", "other")))
def test_variables_that_are_not_read_do_not_matter(expression, known, name):
    if name in variables_read(expression):
        return
    others = {key: value for key, value in known.items() if key != name}
    assert alike(evaluate(expression, known, now=NOW), evaluate(expression, others, now=NOW))


@given(expressions)
@slow
def test_the_same_expression_is_emitted_as_the_same_text(expression):
    assert emit_condition(expression) == emit_condition(expression)


@needs_node
def test_jsonata_of_node_agrees_on_a_thousand_random_expressions():
    """One process for all: generated first, then asked."""
    cases = []

    @seed(20240229)
    @settings(
        max_examples=1000,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        database=None,
    )
    @given(expressions, variables)
    def collect(expression, known):
        cases.append((expression, known))

    collect()
    questions = [
        {
            "id": f"{kind} {index}",
            "language": "jsonata",
            "text": emit(expression, "v", clock="clock"),
            "data": {"v": known, "clock": CLOCK},
        }
        for index, (expression, known) in enumerate(cases)
        for kind, emit in (("value", emit_value), ("condition", emit_condition))
    ]
    answers = run_node(questions)
    for index, (expression, known) in enumerate(cases):
        value = evaluate(expression, known, now=NOW)
        assert alike(answers[f"value {index}"].get("value", "undefined"), value), (expression, known)
        assert answers[f"condition {index}"].get("value") is (value is True), (expression, known)
