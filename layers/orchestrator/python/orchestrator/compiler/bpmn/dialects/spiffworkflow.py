"""SpiffWorkflow and SpiffArena extensions; their scripts and expressions are Python."""

from orchestrator.compiler.bpmn.dialects.dialect import Dialect
from orchestrator.compiler.bpmn.draft import Draft
from orchestrator.compiler.bpmn.elements import Element, local_name, text_of
from orchestrator.compiler.bpmn.model import SourceExpression

_LANGUAGE = "python"
_FORM_SCHEMA = "formJsonSchemaFilename"


def _called_decision(element: Element, draft: Draft) -> None:
    draft.call["decision"] = text_of(element) or ""


def _script(element: Element, draft: Draft) -> None:
    if text := text_of(element):
        draft.listeners.append(f"{local_name(element)}: {text}")


def _properties(element: Element, draft: Draft) -> None:
    for item in element:
        if name := item.get("name"):
            draft.headers[name] = item.get("value", "")
    draft.form_key = draft.headers.get(_FORM_SCHEMA, draft.form_key)


def _service_operator(element: Element, draft: Draft) -> None:
    draft.execution["task_type"] = element.get("id", "")
    if name := element.get("resultVariable"):
        draft.execution["result_variable"] = name
    for parameter in element.iter("{*}parameter"):
        text = parameter.get("value", "")
        draft.map_input(SourceExpression(text, _LANGUAGE, parameter.sourceline) if text else None, parameter.get("id"))


def _instructions(element: Element, draft: Draft) -> None:
    if text := text_of(element):
        draft.headers["instructionsForEndUser"] = text


def _message_variable(element: Element, draft: Draft) -> None:
    if text := text_of(element):
        draft.execution["result_variable"] = text


DIALECT = Dialect(
    name="spiffworkflow",
    language=_LANGUAGE,
    namespaces=("http://spiffworkflow.org/bpmn/schema/1.0/core",),
    elements={
        "calledDecisionId": _called_decision,
        "preScript": _script,
        "postScript": _script,
        "properties": _properties,
        "serviceTaskOperator": _service_operator,
        "instructionsForEndUser": _instructions,
        "messageVariable": _message_variable,
        "variableName": _message_variable,
    },
)
