"""Camunda 7 extensions, most of which Activiti and Flowable share (one code base until 2013)."""

from orchestrator.compiler.bpmn.dialects.dialect import AttributeReader, Dialect, ElementReader
from orchestrator.compiler.bpmn.dialects.forms import form_field
from orchestrator.compiler.bpmn.dialects.parameters import parameter
from orchestrator.compiler.bpmn.draft import Draft
from orchestrator.compiler.bpmn.elements import Element, local_name, split_list, text_of, value, variable
from orchestrator.compiler.bpmn.model import SourceExpression

#: expressions for the business key of the caller, which called instances have anyway
_PARENTS_KEY = frozenset({"#{execution.processBusinessKey}", "${execution.processBusinessKey}"})
_LOGIC = ("class", "expression", "delegateExpression", "type")
#: types that only say that a worker fetches the work; all others name a built-in service (mail, http, shell)
_FETCHED = ("external", "external-worker")


def _assignee(text: str, draft: Draft) -> None:
    draft.assignee = text


def _candidate_users(text: str, draft: Draft) -> None:
    draft.candidate_users.extend(split_list(text))


def _candidate_groups(text: str, draft: Draft) -> None:
    draft.candidate_groups.extend(split_list(text))


def _due_date(text: str, draft: Draft) -> None:
    draft.execution["due_date"] = value(text, draft.element.sourceline)


def _follow_up_date(text: str, draft: Draft) -> None:
    draft.execution["follow_up_date"] = value(text, draft.element.sourceline)


def _priority(text: str, draft: Draft) -> None:
    draft.execution["priority"] = value(text, draft.element.sourceline)


def _form_key(text: str, draft: Draft) -> None:
    draft.form_key = text


def _type(text: str, draft: Draft) -> None:
    if text not in _FETCHED:
        draft.execution["task_type"] = text


def _topic(text: str, draft: Draft) -> None:
    draft.execution["task_type"] = text


def _implementation(text: str, draft: Draft) -> None:
    draft.execution["implementation"] = text


def _result_variable(text: str, draft: Draft) -> None:
    draft.execution["result_variable"] = text


def _decision(text: str, draft: Draft) -> None:
    draft.call["decision"] = text
    draft.call.setdefault("decision_result", "resultList")


def _decision_result(text: str, draft: Draft) -> None:
    draft.call["decision_result"] = text


def _binding(text: str, draft: Draft) -> None:
    draft.call["binding"] = text


def _version(text: str, draft: Draft) -> None:
    draft.call["version"] = text


def _inherit_variables(text: str, draft: Draft) -> None:
    draft.call["propagate_all_inputs"] = text == "true"


def _collection(text: str, draft: Draft) -> None:
    draft.loop["collection"] = variable(text, draft.element.sourceline)


def _element_variable(text: str, draft: Draft) -> None:
    draft.loop["input_element"] = text


def _input_output(element: Element, draft: Draft) -> None:
    for item in element:
        if local_name(item) == "inputParameter":
            draft.map_input(parameter(item), item.get("name"))
        else:
            draft.map_output(parameter(item), item.get("name"))


def _properties(element: Element, draft: Draft) -> None:
    for item in element:
        if name := item.get("name") or item.get("id"):
            draft.headers.setdefault(name, item.get("value", ""))


def _field(element: Element, draft: Draft) -> None:
    text = element.get("stringValue") or element.get("expression") or text_of(element)
    if name := element.get("name"):
        draft.headers[name] = text or ""


def _form_data(element: Element, draft: Draft) -> None:
    draft.form_fields.extend(map(form_field, element))


def _form_property(element: Element, draft: Draft) -> None:
    draft.form_fields.append(form_field(element))


def _connector(element: Element, draft: Draft) -> None:
    for part in element:
        if local_name(part) == "connectorId":
            draft.execution["implementation"] = text_of(part) or ""
        elif local_name(part) == "inputOutput":
            _input_output(part, draft)


def _listener(element: Element, draft: Draft) -> None:
    logic = next((element.get(attribute) for attribute in _LOGIC if element.get(attribute)), None)
    draft.listeners.append(f"{element.get('event', 'listener')}: {logic or text_of(element) or '?'}")


def _retry_cycle(element: Element, draft: Draft) -> None:
    """`R3/PT10M` is three attempts ten minutes apart; a list of intervals has one attempt more than intervals."""
    retries, backoff = text_of(element) or "", ""
    if retries.startswith("R") and "/" in retries:
        repeat, _, backoff = retries.partition("/")
        retries = repeat[1:]
    elif retries.startswith("P"):
        intervals = retries.split(",")
        retries, backoff = str(len(intervals) + 1), intervals[0]
    draft.execution["retries"] = value(retries, element.sourceline)
    draft.execution["retry_backoff"] = value(backoff, element.sourceline)


def _in(element: Element, draft: Draft) -> None:
    if element.get("variables") == "all":
        draft.call["propagate_all_inputs"] = True
    if (key := element.get("businessKey")) and key not in _PARENTS_KEY:
        draft.call["business_key"] = value(key, element.sourceline)
    draft.map_input(_call_source(element), element.get("target"))


def _out(element: Element, draft: Draft) -> None:
    if element.get("variables") == "all":
        draft.call["propagate_all_outputs"] = True
    draft.map_output(_call_source(element), element.get("target"))


def _call_source(element: Element) -> SourceExpression | None:
    """Return where a variable of a called process comes from: a variable's name or an expression."""
    if expression := element.get("sourceExpression"):
        return value(expression, element.sourceline)
    return variable(element.get("source"), element.sourceline)


SHARED_ATTRIBUTES: dict[str, AttributeReader] = {
    "assignee": _assignee,
    "candidateUsers": _candidate_users,
    "candidateGroups": _candidate_groups,
    "dueDate": _due_date,
    "followUpDate": _follow_up_date,
    "priority": _priority,
    "taskPriority": _priority,
    "formKey": _form_key,
    "formRef": _form_key,
    "type": _type,
    "topic": _topic,
    "class": _implementation,
    "delegateExpression": _implementation,
    "expression": _implementation,
    "resultVariable": _result_variable,
    "resultVariableName": _result_variable,
    "decisionRef": _decision,
    "calledElementBinding": _binding,
    "calledElementVersion": _version,
    "calledElementVersionTag": _version,
    "mapDecisionResult": _decision_result,
    "decisionRefBinding": _binding,
    "inheritVariables": _inherit_variables,
    "collection": _collection,
    "elementVariable": _element_variable,
}
SHARED_ELEMENTS: dict[str, ElementReader] = {
    "inputOutput": _input_output,
    "properties": _properties,
    "field": _field,
    "formData": _form_data,
    "formProperty": _form_property,
    "connector": _connector,
    "executionListener": _listener,
    "taskListener": _listener,
    "failedJobRetryTimeCycle": _retry_cycle,
    "in": _in,
    "out": _out,
}
SHARED_EVENT_FIELDS = {
    "errorCodeVariable": "variable",
    "errorMessageVariable": "message_variable",
    "escalationCodeVariable": "variable",
    "variableName": "variable",
}
DIALECT = Dialect(
    name="camunda",
    namespaces=("http://camunda.org/schema/1.0/bpmn",),
    attributes=SHARED_ATTRIBUTES,
    elements=SHARED_ELEMENTS,
    event_fields=SHARED_EVENT_FIELDS,
)
