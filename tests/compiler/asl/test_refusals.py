"""Models that cannot run are findings, however little of them is there: the compiler never raises."""

import pytest

from orchestrator.compiler.pipeline import compile_process

XML = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
<process id="p" isExecutable="true"><startEvent id="s"/><{element} id="last"/>
<sequenceFlow id="f" sourceRef="s" targetRef="last"/></process></definitions>"""


@pytest.mark.parametrize("element", ["eventBasedGateway", "complexGateway"])
def test_a_gateway_that_leads_nowhere_is_refused(element: str) -> None:
    compilation = compile_process(XML.format(element=element))
    assert compilation.machine is None
    assert ("UNSUPPORTED_ELEMENT", "last") in {(each.code, each.element_id) for each in compilation.diagnostics}


TWICE = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"


@pytest.mark.parametrize("around", ["{}", f'<subProcess id="x">{TWICE}{{}}</subProcess>'])
def test_a_loop_that_nothing_leads_out_of_is_refused(around: str) -> None:
    loop = """<startEvent id="s"/><userTask id="a"/><userTask id="b"/><sequenceFlow id="f" sourceRef="s" targetRef="a"/>
    <sequenceFlow id="g" sourceRef="a" targetRef="b"/><sequenceFlow id="h" sourceRef="b" targetRef="a"/>"""
    head, tail = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">', "</definitions>"
    compilation = compile_process(f'{head}<process id="p" isExecutable="true">{around.format(loop)}</process>{tail}')
    assert compilation.machine is None
    assert "ENDLESS_LOOP" in {each.code for each in compilation.diagnostics}


TASK = '<task id="a"/><boundaryEvent id="b" attachedToRef="a">{}</boundaryEvent>'
WAITING = [
    '<messageEventDefinition messageRef="m"/>',
    '<signalEventDefinition signalRef="g"/>',
    "<conditionalEventDefinition><condition>=x</condition></conditionalEventDefinition>",
    "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>",
]


@pytest.mark.parametrize("event", WAITING, ids=["message", "signal", "condition", "timer"])
def test_what_never_happens_is_told_but_does_not_keep_a_model_from_running(event: str) -> None:
    """No token waits at an abstract task, so that nothing interrupts it, whatever the boundary event waits for."""
    head, tail = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">', "</definitions>"
    flows = '<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="a"/>'
    roots = '<message id="m" name="m"/><signal id="g" name="g"/>'
    compilation = compile_process(f'{head}{roots}<process id="p">{flows}{TASK.format(event)}</process>{tail}')
    assert compilation.definition is not None
    assert ("BOUNDARY_NEVER_HAPPENS", "b") in {(each.code, each.element_id) for each in compilation.diagnostics}
    assert '"b"' not in compilation.definition
