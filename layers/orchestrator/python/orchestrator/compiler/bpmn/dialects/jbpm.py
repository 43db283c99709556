"""jBPM, Drools and Kogito extensions; most of that dialect is in data associations (see `data.py`)."""

from orchestrator.compiler.bpmn.dialects.dialect import Dialect
from orchestrator.compiler.bpmn.draft import Draft
from orchestrator.compiler.bpmn.elements import Element, local_name, text_of


def _task_name(text: str, draft: Draft) -> None:
    draft.execution["task_type"] = text


def _rule_flow_group(text: str, draft: Draft) -> None:
    draft.execution["implementation"] = text


def _service(text: str, draft: Draft) -> None:
    known = draft.execution.get("implementation")
    draft.execution["implementation"] = f"{known}.{text}" if known else text


def _script_listener(element: Element, draft: Draft) -> None:
    draft.listeners.append(f"{local_name(element)}: {text_of(element) or ''}")


DIALECT = Dialect(
    name="jbpm",
    namespaces=("http://www.jboss.org/drools",),
    attributes={
        "taskName": _task_name,
        "ruleFlowGroup": _rule_flow_group,
        "serviceinterface": _service,
        "serviceoperation": _service,
    },
    elements={"onEntry-script": _script_listener, "onExit-script": _script_listener},
)
