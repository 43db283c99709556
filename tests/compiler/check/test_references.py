"""What a process relies on."""

from orchestrator.compiler.check.references import references_of
from tests.compiler.bpmn.models import read_process


def test_services_people_and_processes():
    references = references_of(
        read_process(
            """
    <serviceTask id="A" camunda:type="external" camunda:topic="mail"/><sendTask id="B" camunda:type="external" camunda:topic="mail"/>
    <serviceTask id="C" camunda:class="org.example.Ship"/><serviceTask id="D" implementation="##WebService"/>
    <subProcess id="P"><userTask id="E" camunda:assignee="anna" camunda:formKey="f"/></subProcess>
    <userTask id="F" camunda:candidateGroups="sales, office"/><manualTask id="G"/>
    <callActivity id="H" calledElement="child"/><businessRuleTask id="I" camunda:decisionRef="risk"/>""",
            "camunda",
        )
    )
    assert references.services == {"mail": ("A", "B"), "org.example.Ship": ("C",)}
    assert references.unserved == ("D",)
    assert references.assignees == {"anna": ("E",)}
    assert references.candidate_groups == {"sales": ("F",), "office": ("F",)}
    assert references.unassigned == ("G",)
    assert references.called_processes == {"child": ("H",)}
    assert references.decisions == {"risk": ("I",)}
    assert references.forms == {"f": ("E",)}


def test_a_lane_is_a_group_unless_the_task_says_more():
    references = references_of(
        read_process(
            """
    <laneSet id="l"><lane id="L" name="Office"><flowNodeRef>A</flowNodeRef><flowNodeRef>B</flowNodeRef></lane></laneSet>
    <userTask id="A"/><userTask id="B" camunda:assignee="anna"/>""",
            "camunda",
        )
    )
    assert references.candidate_groups == {"Office": ("A",)}
    assert references.unassigned == ()


def test_capabilities_assign():
    references = references_of(read_process('<userTask id="A" to:capabilities="german"/>', "to"))
    assert references.capabilities == {"german": ("A",)}
    assert references.unassigned == ()
