"""Our own extensions, namespace `urn:task-orchestrator:bpmn`: what no other dialect can say.

    <task id="Assess" xmlns:to="urn:task-orchestrator:bpmn" to:taskType="risk-model" to:timeout="PT15M"
          to:capabilities="risk-analysis, german" to:retries="5" to:retryBackoff="PT30S">
      <extensionElements>
        <to:input source="=order.id" target="order"/>
        <to:output source="=score" target="risk.score"/>
        <to:header name="model" value="v7"/>
      </extensionElements>
    </task>

Attributes of activities: assignee, candidateUsers, candidateGroups, taskType, capabilities, timeout, retries,
retryBackoff, priority, dueDate, followUpDate, formKey, resultVariable, decision. Elements: input, output,
header, form (a JSON body). Texts that begin with `=` are FEEL, `${...}` is JUEL, `{% ... %}` is JSONata.
"""

from orchestrator.compiler.bpmn.dialects.camunda import SHARED_ATTRIBUTES
from orchestrator.compiler.bpmn.dialects.dialect import Dialect
from orchestrator.compiler.bpmn.draft import Draft
from orchestrator.compiler.bpmn.elements import Element, split_list, text_of, value


def _task_type(text: str, draft: Draft) -> None:
    draft.execution["task_type"] = text


def _capabilities(text: str, draft: Draft) -> None:
    draft.execution["capabilities"] = split_list(text)


def _timeout(text: str, draft: Draft) -> None:
    draft.execution["timeout"] = value(text, draft.element.sourceline)


def _retries(text: str, draft: Draft) -> None:
    draft.execution["retries"] = value(text, draft.element.sourceline)


def _retry_backoff(text: str, draft: Draft) -> None:
    draft.execution["retry_backoff"] = value(text, draft.element.sourceline)


def _decision(text: str, draft: Draft) -> None:
    draft.call["decision"] = text


def _input(element: Element, draft: Draft) -> None:
    draft.map_input(value(element.get("source"), element.sourceline), element.get("target"))


def _output(element: Element, draft: Draft) -> None:
    draft.map_output(value(element.get("source"), element.sourceline), element.get("target"))


def _header(element: Element, draft: Draft) -> None:
    if name := element.get("name"):
        draft.headers[name] = element.get("value", "")


def _form(element: Element, draft: Draft) -> None:
    draft.form_body = text_of(element)


_SHARED = (
    "assignee",
    "candidateUsers",
    "candidateGroups",
    "priority",
    "dueDate",
    "followUpDate",
    "formKey",
    "resultVariable",
)
DIALECT = Dialect(
    name="native",
    namespaces=("urn:task-orchestrator:bpmn",),
    attributes={
        **{name: SHARED_ATTRIBUTES[name] for name in _SHARED},
        "taskType": _task_type,
        "capabilities": _capabilities,
        "timeout": _timeout,
        "retries": _retries,
        "retryBackoff": _retry_backoff,
        "decision": _decision,
    },
    elements={"input": _input, "output": _output, "header": _header, "form": _form},
)
