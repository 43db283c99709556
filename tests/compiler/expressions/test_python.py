"""Python of SpiffWorkflow's models: compared with Python itself."""

import ast
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from orchestrator.compiler.expressions import ErrorCode, ExpressionError, Language, emit_value, evaluate, parse
from orchestrator.compiler.expressions.python.parser import translate_python
from orchestrator.compiler.pipeline import compile_process
from tests.compiler.expressions.interpreters import run_python

NOW = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
VARIABLES = {
    "name": "Ada",
    "n": 4,
    "flag": True,
    "off": False,
    "nothing": None,
    "xs": ["a", "b"],
    "numbers": [3, 1, 2],
    "order": {"total": 5, "status": "open"},
    "blank": "",
}
EXPRESSIONS = [
    "n == 4",
    "n != 4",
    "n == '4'",
    "n != '4'",
    "not n == '4'",
    "name == 'Ada' and flag == True",
    "off == False",
    "nothing is None",
    "name is not None",
    "1 < n <= 4",
    "n > 3 or off",
    "name or 'nobody'",
    "blank or 'nobody'",
    "flag and name",
    "not blank",
    "not xs",
    "'a' in xs",
    "'z' not in xs",
    "'d' in name",
    "'total' in order",
    "'sum' in order",
    "order['total'] + 1",
    "order.get('status')",
    "order.get('missing', 7)",
    "xs[0]",
    "xs[-1]",
    "len(xs) > 1",
    "len(name)",
    "n // 3",
    "n % 3",
    "-n % 3",
    "n ** 2",
    "-n + 1.5",
    "int('12') + float('0.5')",
    "bool(order)",
    "sum(numbers)",
    "max(numbers) - min(numbers)",
    "sorted(numbers)",
    "abs(-3)",
    "round(2.567, 2)",
    "name.upper() + name.lower()",
    "' x '.strip()",
    "name.startswith('A')",
    "f'Dear {name}, {n}!'",
    "'big' if n > 3 else 'small'",
    "[x + '!' for x in xs]",
    "{'a': n, 'b': [flag]}",
    "(1, 2) == (1, 2)",
    '"PT5M"',
    "n == 1 or n == 4",
]
REFUSED = [
    "lambda: 1",
    "open('x')",
    "__import__('os').system('x')",
    "x := 1",
    "[x for x in xs if x]",
    "xs[0:1]",
    "'%s' % n",
    "{'n': 1, 'b': n}",
    "f'{n:>3}'",
    "name.split(',')",
    "max(1, 2, key=len)",
    "1j",
    "${n}",
    "x = 1",
    "",
    "(" * 500,
]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_means_what_python_means(text):
    expected = eval(compile(ast.parse(text, mode="eval"), "model", "eval"), {}, dict(VARIABLES))  # noqa: S307 -- the oracle
    expected = list(expected) if isinstance(expected, tuple) else expected
    node = parse(text, Language.PYTHON)
    assert not isinstance(node, ExpressionError), node
    assert evaluate(node, VARIABLES, now=NOW) == expected
    assert run_python(emit_value(node, "v"), {"v": VARIABLES}) == expected


@pytest.mark.parametrize("text", REFUSED)
def test_what_python_does_beyond_is_refused(text):
    refusal = parse(text, Language.PYTHON)
    assert isinstance(refusal, ExpressionError)
    assert refusal.code in (ErrorCode.UNSUPPORTED, ErrorCode.SYNTAX)


def test_an_attribute_is_an_entry():
    node = parse("order.total", Language.PYTHON)
    assert not isinstance(node, ExpressionError)
    assert evaluate(node, VARIABLES, now=NOW) == SimpleNamespace(**VARIABLES["order"]).total


def test_a_script_sets_variables():
    script = translate_python("""
        # what it is about
        total = order['total'] * 2
        n += 1
        print(name)
        label: str = f'{name}!'
        """)
    assert not isinstance(script, ExpressionError)
    values = {name: evaluate(value, VARIABLES, now=NOW) for name, value in script.assignments}
    assert values == {"total": 10, "n": 5, "label": "Ada!"}
    assert script.value is None


@pytest.mark.parametrize(
    "text", ["import os", "a = 1\nb = a", "del a", "a, b = 1, 2", "if a:\n    b = 1", "a.b = 1", "f(a)", "a ="]
)
def test_a_script_that_does_more_is_performed(text):
    refusal = translate_python(text)
    assert isinstance(refusal, ExpressionError)
    assert refusal.code is ErrorCode.UNSUPPORTED_LANGUAGE


def test_a_model_of_spiffworkflow_is_written_in_python():
    model = """
    <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
                 xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core">
      <process id="P" isExecutable="true">
        <startEvent id="S"/><sequenceFlow id="f1" sourceRef="S" targetRef="T"/>
        <scriptTask id="T"><script>total = len(xs) * 2</script></scriptTask>
        <sequenceFlow id="f2" sourceRef="T" targetRef="G"/>
        <exclusiveGateway id="G" default="f4"/>
        <sequenceFlow id="f3" sourceRef="G" targetRef="A">
          <conditionExpression>total == 4 and approved is True</conditionExpression></sequenceFlow>
        <sequenceFlow id="f4" sourceRef="G" targetRef="B"/>
        <endEvent id="A"/><endEvent id="B"/>
      </process>
    </definitions>"""
    compiled = compile_process(model)
    assert compiled.machine is not None, compiled.diagnostics
    assert not [found for found in compiled.diagnostics if found.code == "SCRIPT_PERFORMED"]
