"""Camunda 8 (Zeebe) extensions."""

from orchestrator.compiler.bpmn.definitions import ZEEBE_NAMESPACE
from orchestrator.compiler.bpmn.dialects.dialect import Dialect
from orchestrator.compiler.bpmn.draft import Draft
from orchestrator.compiler.bpmn.elements import Element, local_name, split_list, value


def _task_definition(element: Element, draft: Draft) -> None:
    if job_type := element.get("type"):
        draft.execution["task_type"] = job_type
    draft.execution["retries"] = value(element.get("retries"), element.sourceline)


def _task_headers(element: Element, draft: Draft) -> None:
    for header in element:
        if key := header.get("key"):
            draft.headers[key] = header.get("value", "")


def _properties(element: Element, draft: Draft) -> None:
    for item in element:
        if name := item.get("name"):
            draft.headers.setdefault(name, item.get("value", ""))


def _io_mapping(element: Element, draft: Draft) -> None:
    for mapping in element:
        source = value(mapping.get("source"), mapping.sourceline)
        if local_name(mapping) == "input":
            draft.map_input(source, mapping.get("target"))
        else:
            draft.map_output(source, mapping.get("target"))


def _assignment(element: Element, draft: Draft) -> None:
    draft.assignee = element.get("assignee") or draft.assignee
    draft.candidate_users.extend(split_list(element.get("candidateUsers", "")))
    draft.candidate_groups.extend(split_list(element.get("candidateGroups", "")))


def _schedule(element: Element, draft: Draft) -> None:
    draft.execution["due_date"] = value(element.get("dueDate"), element.sourceline)
    draft.execution["follow_up_date"] = value(element.get("followUpDate"), element.sourceline)


def _priority(element: Element, draft: Draft) -> None:
    draft.execution["priority"] = value(element.get("priority"), element.sourceline)


def _form(element: Element, draft: Draft) -> None:
    draft.form_key = element.get("formId") or element.get("formKey") or element.get("externalReference")


def _called_element(element: Element, draft: Draft) -> None:
    if process_id := element.get("processId"):
        draft.call["called_element"] = process_id
    if binding := element.get("bindingType"):
        draft.call["binding"] = binding
    if tag := element.get("versionTag"):
        draft.call["version"] = tag
    draft.call["propagate_all_inputs"] = element.get("propagateAllParentVariables", "true") == "true"
    draft.call["propagate_all_outputs"] = element.get("propagateAllChildVariables", "true") == "true"


def _called_decision(element: Element, draft: Draft) -> None:
    draft.call["decision"] = element.get("decisionId", "")
    if binding := element.get("bindingType"):
        draft.call["binding"] = binding
    _result_variable(element, draft)


def _script(element: Element, draft: Draft) -> None:
    if script := value(element.get("expression"), element.sourceline):
        draft.execution["script"] = script
    _result_variable(element, draft)


def _result_variable(element: Element, draft: Draft) -> None:
    if name := element.get("resultVariable"):
        draft.execution["result_variable"] = name


def _loop(element: Element, draft: Draft) -> None:
    draft.loop["collection"] = value(element.get("inputCollection"), element.sourceline)
    draft.loop["output_element"] = value(element.get("outputElement"), element.sourceline)
    if name := element.get("inputElement"):
        draft.loop["input_element"] = name
    if name := element.get("outputCollection"):
        draft.loop["output_collection"] = name


def _listeners(element: Element, draft: Draft) -> None:
    for listener in element:
        draft.listeners.append(f"{listener.get('eventType', 'listener')}: {listener.get('type', '?')}")


def _ad_hoc(element: Element, draft: Draft) -> None:
    draft.node["active_elements"] = value(element.get("activeElementsCollection"), element.sourceline)
    draft.node["output_element"] = value(element.get("outputElement"), element.sourceline)
    if name := element.get("outputCollection"):
        draft.node["output_collection"] = name


def _template(text: str, draft: Draft) -> None:
    draft.execution["implementation"] = text


DIALECT = Dialect(
    name="zeebe",
    namespaces=(ZEEBE_NAMESPACE,),
    attributes={"modelerTemplate": _template},
    elements={
        "taskDefinition": _task_definition,
        "taskHeaders": _task_headers,
        "ioMapping": _io_mapping,
        "assignmentDefinition": _assignment,
        "taskSchedule": _schedule,
        "priorityDefinition": _priority,
        "formDefinition": _form,
        "calledElement": _called_element,
        "calledDecision": _called_decision,
        "script": _script,
        "loopCharacteristics": _loop,
        "executionListeners": _listeners,
        "taskListeners": _listeners,
        "adHoc": _ad_hoc,
        "properties": _properties,
    },
)
