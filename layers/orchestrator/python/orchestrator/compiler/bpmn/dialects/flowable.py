"""Flowable and Activiti extensions, where they differ from Camunda 7's."""

from orchestrator.compiler.bpmn.dialects.camunda import SHARED_ATTRIBUTES, SHARED_ELEMENTS, SHARED_EVENT_FIELDS
from orchestrator.compiler.bpmn.dialects.dialect import Dialect, ElementReader
from orchestrator.compiler.bpmn.draft import Draft
from orchestrator.compiler.bpmn.elements import Element, text_of, value, variable

_DECISION_FIELD = "decisionTableReferenceKey"


def _field(element: Element, draft: Draft) -> None:
    """Fields configure a service; one of them names the decision of a DMN task."""
    SHARED_ELEMENTS["field"](element, draft)
    if element.get("name") == _DECISION_FIELD:
        draft.call["decision"] = draft.headers[_DECISION_FIELD]


def _event_type(element: Element, draft: Draft) -> None:
    if name := text_of(element):
        draft.execution["message_name"] = name


def _event_in(element: Element, draft: Draft) -> None:
    draft.map_input(value(element.get("source"), element.sourceline), element.get("target"))


def _event_out(element: Element, draft: Draft) -> None:
    draft.map_output(variable(element.get("source"), element.sourceline), element.get("target"))


_ELEMENTS: dict[str, ElementReader] = {
    **SHARED_ELEMENTS,
    "field": _field,
    "eventType": _event_type,
    "eventInParameter": _event_in,
    "eventOutParameter": _event_out,
}
FLOWABLE = Dialect(
    name="flowable",
    namespaces=("http://flowable.org/bpmn",),
    attributes=SHARED_ATTRIBUTES,
    elements=_ELEMENTS,
    event_fields={**SHARED_EVENT_FIELDS, "errorVariableName": "variable"},
)
ACTIVITI = Dialect(
    name="activiti",
    namespaces=("http://activiti.org/bpmn",),
    attributes=SHARED_ATTRIBUTES,
    elements=_ELEMENTS,
    event_fields=SHARED_EVENT_FIELDS,
)
