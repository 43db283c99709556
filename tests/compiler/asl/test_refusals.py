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
