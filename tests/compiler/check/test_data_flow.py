"""Variables that are read before anything can have written them."""

from itertools import pairwise

import pytest

from orchestrator.compiler.check.data_flow import check_data_flow
from orchestrator.compiler.check.view import view_process
from tests.compiler.bpmn.models import read_process

SCRIPT = '<scriptTask id="{id}"><extensionElements><zeebe:script expression="={reads}" resultVariable="{writes}"/></extensionElements></scriptTask>'


def script(id_, reads, writes):
    return SCRIPT.replace("{id}", id_).replace("{reads}", reads).replace("{writes}", writes)


def line(*ids):
    return "".join(f'<sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(ids))


def findings(body):
    found = check_data_flow(view_process(read_process('<startEvent id="S"/>' + body, "zeebe", "camunda")))
    return [(finding.code, finding.element_id) for finding in found]


def test_what_nothing_writes_is_expected_once():
    body = script("A", "x + 1", "y") + script("B", "x + y", "z") + line("S", "A", "B")
    assert findings(body) == [("VARIABLE_EXPECTED", "A")]


def test_what_is_written_later_is_read_too_early():
    body = script("A", "x + 1", "y") + script("B", "1", "x") + line("S", "A", "B")
    assert findings(body) == [("VARIABLE_READ_TOO_EARLY", "A")]


def test_what_is_written_before_is_fine():
    assert findings(script("A", "1", "x") + script("B", "x", "y") + line("S", "A", "B")) == []


def test_a_loop_writes_before():
    assert findings(script("A", "x", "x") + line("S", "A", "A")) == []


def test_a_task_may_answer_anything():
    assert findings('<userTask id="U"/>' + script("A", "x", "y") + line("S", "U", "A")) == []


def test_a_task_with_output_mappings_answers_only_those():
    task = """<serviceTask id="U"><extensionElements><zeebe:ioMapping><zeebe:output source="=r" target="a.b"/>
    </zeebe:ioMapping></extensionElements></serviceTask>"""
    assert findings(task + script("A", "a.b + x", "y") + line("S", "U", "A")) == [("VARIABLE_EXPECTED", "A")]


def test_conditions_are_read_at_their_gateway():
    body = """<exclusiveGateway id="G"/><endEvent id="E"/><sequenceFlow id="s" sourceRef="S" targetRef="G"/>
    <sequenceFlow id="f" sourceRef="G" targetRef="E"><conditionExpression>${amount > 5}</conditionExpression></sequenceFlow>"""
    assert findings(body) == [("VARIABLE_EXPECTED", "G")]


def test_data_objects_are_given():
    assert findings('<dataObject id="d" name="x"/>' + script("A", "x", "y") + line("S", "A")) == []


def test_inputs_and_loop_variables_are_local():
    task = """<serviceTask id="A" camunda:assignee="${item}"><extensionElements><zeebe:ioMapping>
    <zeebe:input source="=item" target="one"/><zeebe:output source="=1" target="r"/></zeebe:ioMapping></extensionElements>
    <multiInstanceLoopCharacteristics camunda:collection="items" camunda:elementVariable="item"/></serviceTask>"""
    found = check_data_flow(
        view_process(read_process('<startEvent id="S"/>' + task + line("S", "A"), "zeebe", "camunda"))
    )
    assert ["items" in finding.message for finding in found] == [True]


def test_a_branch_beside_may_write():
    body = (
        '<parallelGateway id="F"/>'
        + script("A", "x", "y")
        + script("B", "1", "x")
        + line("S", "F", "A")
        + line("F", "B")
    )
    assert findings(body) == []


@pytest.mark.parametrize("place", ["inside", "behind"])
def test_sub_processes_are_part_of_the_flow(place):
    inner = script("A", "1", "x") + (script("B", "x", "y") + line("A", "B") if place == "inside" else "")
    outer = script("C", "x", "z") + line("S", "P", "C")
    assert findings(f'<subProcess id="P">{inner}</subProcess>{outer}') == []


def test_what_cannot_be_parsed_reads_nothing():
    body = '<scriptTask id="A" scriptFormat="groovy"><script>x = y + 1</script></scriptTask>'
    assert findings(body + line("S", "A")) == []
