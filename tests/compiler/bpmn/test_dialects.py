"""The vendors' extensions, each translated into the same fields."""

from orchestrator.compiler.bpmn.model import LITERAL, VARIABLE
from tests.compiler.bpmn.models import read_node, read_process


def mapped(mappings):
    return [(mapping.source.text, mapping.source.language, mapping.target) for mapping in mappings]


def extended(tag, extensions, *prefixes, attributes="", roots=""):
    body = f'<{tag} id="A" {attributes}><extensionElements>{extensions}</extensionElements></{tag}>'
    return read_node(body, *prefixes, roots=roots)


def test_zeebe_service_task():
    node = extended(
        "serviceTask",
        """
    <zeebe:taskDefinition type="payment" retries="5"/>
    <zeebe:ioMapping><zeebe:input source="=order.total" target="amount"/><zeebe:input source="EUR" target="currency"/>
    <zeebe:output source="=id" target="payment.id"/></zeebe:ioMapping>
    <zeebe:taskHeaders><zeebe:header key="method" value="card"/></zeebe:taskHeaders>
    <zeebe:executionListeners><zeebe:executionListener eventType="start" type="audit"/></zeebe:executionListeners>
    """,
        "zeebe",
    )
    execution = node.execution
    assert (execution.task_type, execution.retries.text) == ("payment", "5")
    assert mapped(execution.inputs) == [("=order.total", None, "amount"), ("EUR", LITERAL, "currency")]
    assert mapped(execution.outputs) == [("=id", None, "payment.id")]
    assert execution.headers == {"method": "card"}
    assert execution.listeners == ("start: audit",)


def test_zeebe_user_task_with_an_embedded_form():
    process = read_process(
        """
    <extensionElements><zeebe:userTaskForm id="f1">{"components": []}</zeebe:userTaskForm></extensionElements>
    <userTask id="A"><extensionElements><zeebe:userTask/>
    <zeebe:formDefinition formKey="camunda-forms:bpmn:f1"/>
    <zeebe:assignmentDefinition assignee="=owner" candidateUsers="anna, ben" candidateGroups="=groups(a, b)"/>
    <zeebe:taskSchedule dueDate="=now() + duration(&quot;P1D&quot;)" followUpDate="2030-01-01T00:00:00Z"/>
    <zeebe:priorityDefinition priority="80"/></extensionElements></userTask>""",
        "zeebe",
    )
    execution = process.scope.nodes[0].execution
    assert (execution.form.key, execution.form.body) == ("camunda-forms:bpmn:f1", '{"components": []}')
    assert execution.assignment.assignee == "=owner"
    assert execution.assignment.candidate_users == ("anna", "ben")
    assert execution.assignment.candidate_groups == ("=groups(a, b)",)
    assert execution.due_date.language is None
    assert execution.follow_up_date.language == LITERAL
    assert execution.priority.text == "80"


def test_zeebe_form_reference():
    assert extended("userTask", '<zeebe:formDefinition formId="F"/>', "zeebe").execution.form.key == "F"


def test_zeebe_calls_and_decisions():
    call = extended(
        "callActivity",
        """<zeebe:calledElement processId="child" propagateAllChildVariables="false"
    bindingType="deployment"/>""",
        "zeebe",
    ).execution.call
    assert (call.called_element, call.binding) == ("child", "deployment")
    assert (call.propagate_all_inputs, call.propagate_all_outputs) == (True, False)
    call = extended(
        "businessRuleTask", '<zeebe:calledDecision decisionId="risk" resultVariable="r"/>', "zeebe"
    ).execution
    assert (call.call.decision, call.result_variable) == ("risk", "r")


def test_zeebe_script():
    execution = extended("scriptTask", '<zeebe:script expression="=a + b" resultVariable="c"/>', "zeebe").execution
    assert (execution.script.text, execution.result_variable) == ("=a + b", "c")


def test_zeebe_multi_instance():
    node = read_node(
        """<task id="A"><multiInstanceLoopCharacteristics isSequential="true"><extensionElements>
    <zeebe:loopCharacteristics inputCollection="=items" inputElement="item" outputCollection="results"
    outputElement="=item.result"/></extensionElements><completionCondition>=enough</completionCondition>
    </multiInstanceLoopCharacteristics></task>""",
        "zeebe",
    )
    loop = node.multi_instance
    assert (loop.sequential, loop.collection.text, loop.input_element) == (True, "=items", "item")
    assert (loop.output_collection, loop.output_element.text, loop.completion_condition.text) == (
        "results",
        "=item.result",
        "=enough",
    )


def test_zeebe_ad_hoc():
    node = extended("adHocSubProcess", '<zeebe:adHoc activeElementsCollection="=next"/>', "zeebe")
    assert node.active_elements.text == "=next"


def test_camunda_user_task():
    node = extended(
        "userTask",
        """
    <camunda:formData><camunda:formField id="amount" type="long"><camunda:properties><camunda:property id="unit" value="EUR"/>
    </camunda:properties></camunda:formField></camunda:formData>
    <camunda:taskListener event="create" class="org.example.Notify"/>""",
        "camunda",
        attributes="""
    camunda:assignee="${owner}" camunda:candidateUsers="anna, ${deputies(a, b)}" camunda:candidateGroups="sales"
    camunda:dueDate="${due}" camunda:followUpDate="2030-01-01" camunda:priority="70" camunda:formKey="embedded:x.html" """,
    )
    execution = node.execution
    assert execution.assignment.assignee == "${owner}"
    assert execution.assignment.candidate_users == ("anna", "${deputies(a, b)}")
    assert execution.assignment.candidate_groups == ("sales",)
    assert (execution.due_date.text, execution.follow_up_date.language, execution.priority.text) == (
        "${due}",
        LITERAL,
        "70",
    )
    assert execution.form.key == "embedded:x.html"
    assert execution.form.fields == ({"id": "amount", "type": "long", "properties": [{"id": "unit", "value": "EUR"}]},)
    assert execution.listeners == ("create: org.example.Notify",)


def test_camunda_external_task():
    node = extended(
        "serviceTask",
        """<camunda:failedJobRetryTimeCycle>R3/PT10M</camunda:failedJobRetryTimeCycle>
    <camunda:properties><camunda:property name="k" value="v"/></camunda:properties>""",
        "camunda",
        attributes='camunda:type="external" camunda:topic="credit-check"',
    )
    execution = node.execution
    assert (execution.task_type, execution.implementation, execution.headers) == ("credit-check", None, {"k": "v"})
    assert (execution.retries.text, execution.retry_backoff.text) == ("3", "PT10M")


def test_camunda_retry_intervals():
    node = extended("task", "<camunda:failedJobRetryTimeCycle>PT1M,PT5M</camunda:failedJobRetryTimeCycle>", "camunda")
    assert (node.execution.retries.text, node.execution.retry_backoff.text) == ("3", "PT1M")


def test_camunda_code_is_kept_as_implementation():
    for attribute, text in (("class", "org.example.A"), ("delegateExpression", "${bean}"), ("expression", "${a.b(c)}")):
        node = read_node(f'<serviceTask id="A" camunda:{attribute}="{text}" camunda:resultVariable="r"/>', "camunda")
        assert (node.execution.task_type, node.execution.implementation) == (None, text)
        assert node.execution.result_variable == "r"


def test_camunda_parameters():
    node = extended(
        "serviceTask",
        """<camunda:inputOutput>
    <camunda:inputParameter name="a">text</camunda:inputParameter>
    <camunda:inputParameter name="b">${x + 1}</camunda:inputParameter>
    <camunda:inputParameter name="c"><camunda:list><camunda:value>1 "q"</camunda:value><camunda:value>${y}</camunda:value></camunda:list></camunda:inputParameter>
    <camunda:inputParameter name="d"><camunda:map><camunda:entry key="k">v</camunda:entry></camunda:map></camunda:inputParameter>
    <camunda:inputParameter name="e"><camunda:script scriptFormat="groovy">1 + 1</camunda:script></camunda:inputParameter>
    <camunda:inputParameter name="f"/>
    <camunda:outputParameter name="r">${result}</camunda:outputParameter></camunda:inputOutput>""",
        "camunda",
    )
    assert mapped(node.execution.inputs) == [
        ("text", LITERAL, "a"),
        ("${x + 1}", None, "b"),
        ('=["1 \\"q\\"", y]', None, "c"),
        ('={"k": "v"}', None, "d"),
        ("1 + 1", "groovy", "e"),
    ]
    assert mapped(node.execution.outputs) == [("${result}", None, "r")]


def test_camunda_call():
    node = extended(
        "callActivity",
        """<camunda:in source="my-var" target="x"/><camunda:in sourceExpression="${a}" target="y"/>
    <camunda:in businessKey="#{execution.processBusinessKey}"/><camunda:out variables="all"/>""",
        "camunda",
        attributes='calledElement="child"',
    )
    call = node.execution.call
    assert (call.called_element, call.propagate_all_inputs, call.propagate_all_outputs) == ("child", False, True)
    assert mapped(node.execution.inputs) == [("my-var", VARIABLE, "x"), ("${a}", None, "y")]


def test_camunda_multi_instance():
    loop = read_node(
        """<task id="A"><multiInstanceLoopCharacteristics camunda:collection="items" camunda:elementVariable="item">
    <loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></task>""",
        "camunda",
    ).multi_instance
    assert (loop.collection.text, loop.collection.language, loop.input_element, loop.cardinality.text) == (
        "items",
        VARIABLE,
        "item",
        "3",
    )


def test_camunda_script_and_decision():
    execution = read_node(
        """<scriptTask id="A" scriptFormat="groovy" camunda:resultVariable="r"><script>a + b</script>
    </scriptTask>""",
        "camunda",
    ).execution
    assert (execution.script.text, execution.script.language, execution.result_variable) == ("a + b", "groovy", "r")
    assert read_node('<businessRuleTask id="A" camunda:decisionRef="d"/>', "camunda").execution.call.decision == "d"


def test_camunda_message_throw_by_a_worker():
    node = read_node(
        """<endEvent id="E"><messageEventDefinition camunda:type="external" camunda:topic="mail"/></endEvent>""",
        "camunda",
    )
    assert node.execution.task_type == "mail"


def test_flowable():
    node = extended(
        "serviceTask",
        """<flowable:field name="to"><flowable:string>a@b.c</flowable:string></flowable:field>
    <flowable:field name="decisionTableReferenceKey" stringValue="risk"/>""",
        "flowable",
        attributes='flowable:type="dmn"',
    )
    assert node.execution.task_type == "dmn"
    assert node.execution.headers["to"] == "a@b.c"
    assert node.execution.call.decision == "risk"


def test_flowable_events_of_the_registry():
    node = extended(
        "receiveTask",
        """<flowable:eventType>paid</flowable:eventType>
    <flowable:eventOutParameter source="sum" target="amount"/>""",
        "flowable",
    )
    assert node.execution.message_name == "paid"
    assert mapped(node.execution.outputs) == [("sum", VARIABLE, "amount")]


def test_activiti_form_properties_and_owners():
    node = read_node(
        """<userTask id="A" activiti:assignee="kermit"><extensionElements>
    <activiti:formProperty id="days" type="long" required="true"/></extensionElements><potentialOwner>
    <resourceAssignmentExpression><formalExpression>user(fozzie), group(sales), office</formalExpression>
    </resourceAssignmentExpression></potentialOwner></userTask>""",
        "activiti",
    )
    assignment = node.execution.assignment
    assert (assignment.assignee, assignment.candidate_users, assignment.candidate_groups) == (
        "kermit",
        ("fozzie",),
        ("sales", "office"),
    )
    assert node.execution.form.fields == ({"id": "days", "type": "long", "required": "true"},)


JBPM_USER_TASK = """<userTask id="A" name="Approve"><ioSpecification>
<dataInput id="i1" name="TaskName"/><dataInput id="i2" name="ActorId"/><dataInput id="i3" name="GroupId"/>
<dataInput id="i4" name="Priority"/><dataInput id="i5" name="request"/><dataInput id="i6" name="Skippable"/>
<dataOutput id="o1" name="approved"/><inputSet/><outputSet/></ioSpecification>
<dataInputAssociation><targetRef>i1</targetRef><assignment><from>Approve</from><to>i1</to></assignment></dataInputAssociation>
<dataInputAssociation><targetRef>i2</targetRef><assignment><from>#{manager}</from><to>i2</to></assignment></dataInputAssociation>
<dataInputAssociation><sourceRef>teams</sourceRef><targetRef>i3</targetRef></dataInputAssociation>
<dataInputAssociation><targetRef>i4</targetRef><assignment><from>3</from><to>i4</to></assignment></dataInputAssociation>
<dataInputAssociation><sourceRef>v1</sourceRef><targetRef>i5</targetRef></dataInputAssociation>
<dataInputAssociation><targetRef>i6</targetRef><assignment><from>true</from><to>i6</to></assignment></dataInputAssociation>
<dataOutputAssociation><sourceRef>o1</sourceRef><targetRef>v2</targetRef></dataOutputAssociation>
<potentialOwner><resourceAssignmentExpression><formalExpression>john</formalExpression></resourceAssignmentExpression></potentialOwner>
</userTask><property id="v1" name="request data"/><property id="v2"/>"""


def test_jbpm_user_task():
    node = read_node(JBPM_USER_TASK, "drools")
    execution = node.execution
    assert execution.assignment.candidate_users == ("john", "#{manager}")
    assert execution.assignment.candidate_groups == ("${teams}",)
    assert execution.priority.text == "3"
    assert mapped(execution.inputs) == [("request data", VARIABLE, "request")]
    assert mapped(execution.outputs) == [("approved", VARIABLE, "v2")]


def test_jbpm_work_item_and_scripts():
    node = extended(
        "task",
        """<drools:onEntry-script scriptFormat="http://www.java.com/java"><drools:script>a();</drools:script>
    </drools:onEntry-script>""",
        "drools",
        attributes='drools:taskName="Email"',
    )
    assert node.execution.task_type == "Email"
    assert node.execution.listeners == ("onEntry-script: a();",)


def test_jbpm_service_operation():
    node = read_node(
        '<serviceTask id="A" operationRef="op" implementation="Java"/>',
        "drools",
        roots="""
    <interface id="i" name="org.example.Orders"><operation id="op" name="ship"/></interface>""",
    )
    assert node.execution.task_type == "org.example.Orders.ship"


def test_jbpm_multi_instance_over_a_data_input():
    node = read_node(
        """<subProcess id="A"><ioSpecification><dataInput id="i" name="list"/><dataOutput id="o" name="out"/>
    </ioSpecification><dataInputAssociation><sourceRef>orders</sourceRef><targetRef>i</targetRef></dataInputAssociation>
    <dataOutputAssociation><sourceRef>o</sourceRef><targetRef>results</targetRef></dataOutputAssociation>
    <multiInstanceLoopCharacteristics><loopDataInputRef>i</loopDataInputRef><loopDataOutputRef>o</loopDataOutputRef>
    <inputDataItem id="item"/><outputDataItem id="x" name="result"/></multiInstanceLoopCharacteristics></subProcess>
    <property id="orders"/><property id="results"/>""",
        "drools",
    )
    loop = node.multi_instance
    assert (loop.collection.text, loop.input_element, loop.output_collection, loop.output_element.text) == (
        "orders",
        "item",
        "results",
        "result",
    )
    assert node.execution.inputs == node.execution.outputs == ()


def test_drawn_data_associations_are_no_mappings():
    node = read_node("""<task id="A"><property id="x" name="__targetRef_placeholder"/><dataInputAssociation>
    <sourceRef>d</sourceRef><targetRef>x</targetRef></dataInputAssociation><dataOutputAssociation><targetRef>d</targetRef>
    </dataOutputAssociation></task><dataObjectReference id="d" name="Order"/>""")
    assert node.execution.inputs == node.execution.outputs == ()


def test_spiffworkflow():
    node = extended(
        "serviceTask",
        """<spiffworkflow:serviceTaskOperator id="http/Get" resultVariable="answer">
    <spiffworkflow:parameters><spiffworkflow:parameter id="url" type="str" value="base + '/x'"/></spiffworkflow:parameters>
    </spiffworkflow:serviceTaskOperator><spiffworkflow:preScript>a = 1</spiffworkflow:preScript>""",
        "spiffworkflow",
    )
    assert (node.execution.task_type, node.execution.result_variable) == ("http/Get", "answer")
    assert mapped(node.execution.inputs) == [("base + '/x'", "python", "url")]
    assert node.execution.listeners == ("preScript: a = 1",)
    form = extended(
        "userTask",
        """<spiffworkflow:properties><spiffworkflow:property name="formJsonSchemaFilename"
    value="a.json"/></spiffworkflow:properties>""",
        "spiffworkflow",
    )
    assert form.execution.form.key == "a.json"


def test_native():
    node = extended(
        "task",
        """<to:input source="=order.id" target="order"/><to:output source="=score" target="risk.score"/>
    <to:header name="model" value="v7"/><to:form>{"a": 1}</to:form>""",
        "to",
        attributes="""to:taskType="risk-model"
    to:timeout="PT15M" to:capabilities="risk-analysis, german" to:retries="5" to:retryBackoff="PT30S"
    to:candidateGroups="analysts" to:priority="9" to:resultVariable="r" to:decision="d" """,
    )
    execution = node.execution
    assert (execution.task_type, execution.timeout.text, execution.capabilities) == (
        "risk-model",
        "PT15M",
        ("risk-analysis", "german"),
    )
    assert (execution.retries.text, execution.retry_backoff.text, execution.priority.text) == ("5", "PT30S", "9")
    assert mapped(execution.inputs) == [("=order.id", None, "order")]
    assert mapped(execution.outputs) == [("=score", None, "risk.score")]
    assert (execution.headers, execution.form.body, execution.call.decision) == ({"model": "v7"}, '{"a": 1}', "d")


def test_standard_performers():
    node = read_node(
        """<userTask id="A"><humanPerformer><resourceAssignmentExpression><formalExpression>kermit
    </formalExpression></resourceAssignmentExpression></humanPerformer><potentialOwner><resourceRef>r</resourceRef>
    </potentialOwner></userTask>""",
        roots='<resource id="r" name="Office"/>',
    )
    assert (node.execution.assignment.assignee, node.execution.assignment.candidate_groups) == ("kermit", ("Office",))


def test_standard_loop():
    loop = read_node("""<task id="A"><standardLoopCharacteristics testBefore="true" loopMaximum="3"><loopCondition>=x</loopCondition>
    </standardLoopCharacteristics></task>""").loop
    assert (loop.condition.text, loop.test_before, loop.maximum) == ("=x", True, 3)


def test_messages_of_tasks():
    node = read_node(
        '<receiveTask id="A" messageRef="m"/>',
        "zeebe",
        roots="""<message id="m" name="Paid">
    <extensionElements><zeebe:subscription correlationKey="=id"/></extensionElements></message>""",
    )
    assert (node.execution.message_name, node.execution.correlation_key.text) == ("Paid", "=id")


def test_unknown_vendors_are_left_alone():
    node = read_node(
        """<task id="A" x:y="1" xmlns:x="urn:vendor"><extensionElements><x:z><x:w/></x:z></extensionElements></task>"""
    )
    assert node.execution.listeners == ()
