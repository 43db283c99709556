"""Flows, ids, lanes, data, pools: what the model says of the shape of a process."""

import pytest

from orchestrator.compiler.bpmn.model import LITERAL, NodeType
from orchestrator.diagnostics import Severity
from tests.compiler.bpmn.models import codes, definitions, process, read, read_node, read_process


@pytest.mark.parametrize("node_type", list(NodeType))
def test_every_node_type_is_read(node_type):
    assert read_node(f'<{node_type} id="A" name=" Work "/>').type is node_type


def test_flows_suffice_without_incoming_and_outgoing():
    scope = read_process("""
    <startEvent id="S"/><task id="A"/>
    <sequenceFlow id="f" name="go" sourceRef="S" targetRef="A"><conditionExpression> =x </conditionExpression></sequenceFlow>
    """).scope
    (flow,) = scope.flows
    assert (flow.source, flow.target, flow.name) == ("S", "A", "go")
    assert (flow.condition.text, flow.condition.language) == ("=x", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<d:literalExpression xmlns:d="x" expressionLanguage="urn:l"><d:text> a b &gt; 1 </d:text></d:literalExpression>',
         ("a b > 1", "urn:l")),
        ("<literalExpression><text>a</text></literalExpression>", ("a", "feel")),
        ("<literalExpression><text>a</text>", ("<literalExpression><text>a</text>", "dmn")),
        ("<other><text>literalExpression</text></other>", ("<other><text>literalExpression</text></other>", "dmn")),
        ('<!DOCTYPE a [<!ENTITY b "c">]><literalExpression><text>&b;</text></literalExpression>',
         ('<!DOCTYPE a [<!ENTITY b "c">]><literalExpression><text>&b;</text></literalExpression>', "dmn")),
    ],
    ids=["declared", "feel", "malformed", "another element", "entity"],
)  # fmt: skip
def test_a_condition_may_be_kept_as_dmn(text, expected):
    scope = read_process(f"""<task id="A"/><task id="B"/><sequenceFlow id="f" sourceRef="A" targetRef="B">
    <conditionExpression language="dmn"><![CDATA[{text}]]></conditionExpression></sequenceFlow>""").scope
    condition = scope.flows[0].condition
    assert (condition.text, condition.language) == expected


def test_an_empty_condition_is_none():
    scope = read_process("""<task id="A"/><task id="B"/>
    <sequenceFlow id="f" sourceRef="A" targetRef="B"><conditionExpression language="x"> </conditionExpression></sequenceFlow>""").scope
    assert scope.flows[0].condition is None


def test_a_feel_file_makes_its_bare_conditions_feel():
    xml = definitions(
        """<process id="p"><task id="A"/><task id="B"/><sequenceFlow id="f" sourceRef="A" targetRef="B">
    <conditionExpression>Vacation Approval = "Approved"</conditionExpression></sequenceFlow></process>""",
        attributes='expressionLanguage="https://www.omg.org/spec/DMN/20191111/FEEL/"',
    )
    document, _ = read(xml)
    assert "FEEL" in document.processes[0].scope.flows[0].condition.language


def test_flows_without_ids_are_called_by_their_ends():
    scope = read_process("""<task id="A"/><task id="B"/>
    <sequenceFlow sourceRef="A" targetRef="B"/><sequenceFlow sourceRef="A" targetRef="B"/>
    <sequenceFlow sourceRef="B" targetRef="A"/>""").scope
    assert [flow.id for flow in scope.flows] == ["A~B", "A~B~2", "B~A"]


def test_nodes_without_ids_are_counted_and_reported():
    document, findings = read(process('<task/><userTask id="U"/><task/>'))
    assert [node.id for node in document.processes[0].scope.nodes] == ["task~1", "U", "task~2"]
    assert codes(findings) == ["MISSING_ID", "MISSING_ID"]
    assert {finding.severity for finding in findings} == {Severity.WARNING}


def test_duplicate_ids():
    _, findings = read(process('<task id="A"/>\n<subProcess id="P">\n<task id="A"/></subProcess>'))
    assert [(f.code, f.element_id, f.line, f.severity) for f in findings] == [("DUPLICATE_ID", "A", 3, Severity.ERROR)]


@pytest.mark.parametrize(
    ("body", "element"),
    [
        ('<task id="A"/><sequenceFlow id="f" sourceRef="A" targetRef="missing"/>', "f"),
        ('<task id="A"/><sequenceFlow id="f" sourceRef="missing" targetRef="A"/>', "f"),
        ('<task id="A"/><sequenceFlow id="f" targetRef="A"/>', "f"),
        ('<task id="A" default="missing"/>', "A"),
        ('<boundaryEvent id="B" attachedToRef="missing"><errorEventDefinition/></boundaryEvent>', "B"),
        ('<endEvent id="E"><compensateEventDefinition activityRef="missing"/></endEvent>', "E"),
    ],
)
def test_references_to_nothing_are_errors(body, element):
    _, findings = read(process(body))
    assert [(f.code, f.element_id, f.severity) for f in findings] == [("DANGLING_REFERENCE", element, Severity.ERROR)]


@pytest.mark.parametrize(
    ("body", "element"),
    [
        ('<startEvent id="S"><messageEventDefinition messageRef="order"/></startEvent>', "S"),
        ('<startEvent id="S"><signalEventDefinition signalRef="order"/></startEvent>', "S"),
        ('<endEvent id="E"><errorEventDefinition errorRef="order"/></endEvent>', "E"),
        ('<endEvent id="E"><escalationEventDefinition escalationRef="order"/></endEvent>', "E"),
    ],
)
def test_a_missing_root_element_is_replaced_by_its_name(body, element):
    document, findings = read(process(body))
    (event,) = document.processes[0].scope.nodes[0].events
    assert "order" in {event.name, event.code}
    assert [(f.code, f.element_id, f.severity) for f in findings] == [("DANGLING_REFERENCE", element, Severity.WARNING)]


def test_references_with_a_declared_prefix():
    xml = definitions(
        """<message id="m" name="Order"/><process id="p"><startEvent id="S">
    <messageEventDefinition messageRef="tns:m"/></startEvent></process>""",
        attributes='xmlns:tns="urn:x"',
    )
    document, findings = read(xml)
    assert findings == ()
    assert document.processes[0].scope.nodes[0].events[0].name == "Order"


def test_ids_may_hold_colons_and_length():
    long = "x" * 300
    scope = read_process(
        f'<task id="a:b"/><task id="{long}"/><sequenceFlow id="f" sourceRef="a:b" targetRef="{long}"/>'
    ).scope
    assert [node.id for node in scope.nodes] == ["a:b", long]


def test_names_with_newlines_are_kept():
    assert read_node('<task id="A" name="&#10;Invoice&#10;approved?"/>').name == "Invoice\napproved?"


@pytest.mark.parametrize("tag", ["choreographyTask", "callChoreography", "subChoreography", "flying"])
def test_unknown_flow_elements_are_refused(tag):
    _, findings = read(process(f'<{tag} id="X"/>'))
    assert [(f.code, f.element_id, f.severity) for f in findings] == [("UNSUPPORTED_ELEMENT", "X", Severity.ERROR)]
    assert tag in findings[0].message


def test_what_is_only_drawn_is_left_out_silently():
    scope = read_process("""<textAnnotation id="t"/><group id="g"/><association id="a" sourceRef="t" targetRef="g"/>
    <dataStoreReference id="d"/><x:shape xmlns:x="urn:drawing"/><extensionElements/>""").scope
    assert scope.nodes == ()


def test_lanes_and_what_lies_in_them():
    scope = read_process("""
    <laneSet id="l"><lane id="L1" name="Office"><flowNodeRef>A</flowNodeRef><flowNodeRef>P</flowNodeRef>
      <childLaneSet><lane id="L2"><flowNodeRef> B </flowNodeRef></lane></childLaneSet></lane></laneSet>
    <task id="A"/><task id="B"/><task id="C"/><subProcess id="P"><task id="D"/></subProcess>""").scope
    assert {node.id: node.lane for node in scope.walk()} == {
        "A": "Office",
        "B": "L2",
        "C": None,
        "P": "Office",
        "D": "Office",
    }


def test_data_objects_and_properties():
    scope = read_process(
        """
    <property id="x" itemSubjectRef="i"/><dataObject id="d1" name="Order"/>
    <dataObjectReference id="r1" name="Order [paid]" dataObjectRef="d1"/>
    <dataObject id="d2" name="limit"><extensionElements><flowable:value>100</flowable:value></extensionElements></dataObject>
    """,
        "flowable",
    ).scope
    assert [(item.id, item.name) for item in scope.data_objects] == [
        ("x", None),
        ("d1", "Order"),
        ("r1", "Order"),
        ("d2", "limit"),
    ]
    assert (scope.data_objects[3].initial.text, scope.data_objects[3].initial.language) == ("100", LITERAL)


def test_compensation_handlers_whichever_way_they_are_drawn():
    scope = read_process("""
    <task id="A"/><boundaryEvent id="B" attachedToRef="A"><compensateEventDefinition/></boundaryEvent>
    <task id="C"/><boundaryEvent id="D" attachedToRef="C"><compensateEventDefinition/></boundaryEvent>
    <task id="U" isForCompensation="true"/><task id="V" isForCompensation="true"/>
    <association id="x" sourceRef="B" targetRef="U"/><association id="y" sourceRef="V" targetRef="D"/>""").scope
    assert scope.compensation_handlers == {"B": "U", "D": "V"}


def test_sub_processes_hold_their_own_scope():
    process_ = read_process("""<subProcess id="P" triggeredByEvent="true"><startEvent id="S" isInterrupting="false">
    <errorEventDefinition/></startEvent><subProcess id="Q"><task id="A"/></subProcess></subProcess>
    <adHocSubProcess id="R" ordering="Sequential" cancelRemainingInstances="false">
    <completionCondition>=done</completionCondition><task id="B"/></adHocSubProcess><transaction id="T"/>""")
    event, ad_hoc, transaction = process_.scope.nodes
    assert event.triggered_by_event
    assert not event.scope.nodes[0].interrupting
    assert (ad_hoc.ordering, ad_hoc.cancel_remaining, ad_hoc.completion_condition.text) == (
        "Sequential",
        False,
        "=done",
    )
    assert transaction.scope.nodes == ()
    assert [node.id for node in process_.scope.walk()] == ["P", "S", "Q", "A", "R", "B", "T"]


def test_pools_and_message_flows():
    document, findings = read(
        definitions("""
    <message id="m" name="Order"/><collaboration id="c"><participant id="pool" processRef="p"/><participant id="box"/>
    <messageFlow id="mf" sourceRef="box" targetRef="S" messageRef="m"/></collaboration>
    <process id="p"><startEvent id="S"><messageEventDefinition/></startEvent></process>""")
    )
    assert findings == ()
    assert document.participants == {"pool": "p"}
    assert [(flow.source, flow.target, flow.message) for flow in document.message_flows] == [("box", "S", "m")]
    assert document.processes[0].scope.nodes[0].events[0].name == "Order"


def test_attributes_of_the_process():
    document, _ = read(
        definitions(
            """<process id="p" name="Order" isExecutable="1" camunda:versionTag="2.1"
    camunda:candidateStarterGroups="sales, office"><documentation>Sells.</documentation>
    <startEvent id="S" camunda:initiator="seller"/></process>""",
            "camunda",
        )
    )
    (model,) = document.processes
    assert (model.executable, model.version_tag, model.documentation) == (True, "2.1", "Sells.")
    assert (model.candidate_starters, model.initiator, model.dialect) == (("sales", "office"), "seller", "camunda")
