"""Laws: whatever is read, the answer is a model or findings, never an exception, and always the same."""

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator.compiler.bpmn.document import read_document
from orchestrator.compiler.bpmn.elements import split_list
from orchestrator.compiler.bpmn.model import NodeType
from orchestrator.compiler.bpmn.parse import parse
from orchestrator.compiler.bpmn.selection import select_process
from orchestrator.compiler.check.checking import check_process
from orchestrator.compiler.check.view import view_process
from tests.compiler.bpmn.models import NAMESPACES, definitions

TAGS = [
    *(node_type.value for node_type in NodeType),
    *[
        "sequenceFlow",
        "conditionExpression",
        "incoming",
        "extensionElements",
        "laneSet",
        "lane",
        "flowNodeRef",
        "dataObject",
        "property",
        "ioSpecification",
        "dataInput",
        "dataInputAssociation",
        "dataOutputAssociation",
        "sourceRef",
        "targetRef",
        "assignment",
        "from",
        "to",
        "potentialOwner",
        "resourceAssignmentExpression",
        "formalExpression",
        "resourceRef",
        "standardLoopCharacteristics",
        "multiInstanceLoopCharacteristics",
        "loopDataInputRef",
        "inputDataItem",
        "timerEventDefinition",
        "timeDuration",
        "messageEventDefinition",
        "errorEventDefinition",
        "linkEventDefinition",
        "compensateEventDefinition",
        "eventDefinitionRef",
        "association",
        "script",
        "documentation",
        "message",
        "error",
        "signal",
        "operation",
        "interface",
        "messageFlow",
        "participant",
        "collaboration",
        "process",
    ],
    *[
        "zeebe:taskDefinition",
        "zeebe:ioMapping",
        "zeebe:input",
        "zeebe:output",
        "zeebe:taskHeaders",
        "zeebe:calledElement",
        "zeebe:script",
        "zeebe:loopCharacteristics",
        "zeebe:formDefinition",
        "camunda:inputOutput",
        "camunda:inputParameter",
        "camunda:list",
        "camunda:map",
        "camunda:entry",
        "camunda:script",
        "camunda:formData",
        "camunda:formField",
        "camunda:in",
        "camunda:out",
        "camunda:failedJobRetryTimeCycle",
        "camunda:field",
        "camunda:executionListener",
        "flowable:field",
        "flowable:eventType",
        "drools:onEntry-script",
        "spiffworkflow:serviceTaskOperator",
        "spiffworkflow:parameter",
        "to:input",
        "to:header",
        "to:form",
    ],
]
ATTRIBUTES = [
    "id",
    "name",
    "sourceRef",
    "targetRef",
    "attachedToRef",
    "default",
    "messageRef",
    "errorRef",
    "activityRef",
    "isExecutable",
    "processRef",
    "isForCompensation",
    "triggeredByEvent",
    "cancelActivity",
    "loopMaximum",
    "operationRef",
    "calledElement",
    "language",
    "type",
    "retries",
    "source",
    "target",
    "key",
    "variables",
    "camunda:assignee",
    "camunda:candidateGroups",
    "camunda:collection",
    "camunda:topic",
    "to:capabilities",
    "to:timeout",
    "drools:taskName",
]
VALUES = ["", "a", "b", "c", "x:a", "true", "false", "1", "=a", "${a}", "a, b", "PT1H", "R3/PT1H", "all", "é\n"]


def element(tag, attributes, text, children):
    written = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return f"<{tag} {written}>{text}{''.join(children)}</{tag}>"


attributes = st.dictionaries(st.sampled_from(ATTRIBUTES), st.sampled_from(VALUES), max_size=4)
leaves = st.builds(element, st.sampled_from(TAGS), attributes, st.sampled_from(VALUES), st.just([]))
trees = st.recursive(
    leaves,
    lambda inner: st.builds(
        element, st.sampled_from(TAGS), attributes, st.sampled_from(VALUES), st.lists(inner, max_size=4)
    ),
    max_leaves=25,
)


@settings(deadline=None)
@given(st.lists(trees, max_size=6), attributes)
def test_any_arrangement_of_elements_is_read_and_checked(contents, process_attributes):
    xml = definitions(element("process", process_attributes, "", contents), *NAMESPACES, attributes='xmlns:x="urn:x"')
    root, findings = parse(xml)
    assert findings == ()
    document, findings = read_document(root)
    assert (document, findings) == read_document(parse(xml)[0])
    select_process(document)
    for process in document.processes:
        view = view_process(process, document)
        assert check_process(view) == check_process(view)


@settings(deadline=None)
@given(st.one_of(st.text(), st.binary()))
def test_any_text_is_parsed_or_refused(xml):
    root, findings = parse(xml)
    assert (root is None) == bool(findings)


@settings(deadline=None)
@given(st.text(), st.integers(0, 400), st.integers(0, 400))
def test_damaged_files_are_refused_or_read(noise, start, end):
    xml = definitions(
        '<process id="p"><startEvent id="S"/><task id="A"/><sequenceFlow id="f" sourceRef="S" targetRef="A"/></process>'
    )
    root, findings = parse(xml[:start] + noise + xml[end:])
    if root is not None:
        read_document(root)
    else:
        assert len(findings) == 1


@settings(deadline=None)
@given(st.lists(st.from_regex(r"[a-z]{1,5}|\$\{[a-z,() ]{1,8}\}", fullmatch=True)))
def test_lists_are_split_at_their_own_commas(items):
    assert split_list(", ".join(items)) == tuple(item.strip() for item in items)
