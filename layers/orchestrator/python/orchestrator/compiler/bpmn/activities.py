"""What the elements' own attributes say of an activity, before children and extensions are read."""

from collections.abc import Callable, Mapping

from orchestrator.compiler.bpmn.definitions import correlation_key, name_or_id, operation_name
from orchestrator.compiler.bpmn.draft import ISOLATED_CALLS, Draft
from orchestrator.compiler.bpmn.elements import Element, reference, text_of
from orchestrator.compiler.bpmn.model import NodeType, SourceExpression
from orchestrator.compiler.bpmn.reading import Reading


def _service(element: Element, draft: Draft, reading: Reading) -> None:
    if implementation := reference(element.get("implementation")):
        draft.execution["implementation"] = implementation
    ref = reference(element.get("operationRef"))
    operation = reading.definitions.find(ref, "operation")
    if operation is not None and (name := operation_name(operation)):
        draft.execution["task_type"] = name
    elif ref is not None:
        reading.dangling(element, "operationRef", ref, "it is taken for the name of the service")
        draft.execution["task_type"] = ref


def _messaging(element: Element, draft: Draft, reading: Reading) -> None:
    """Send and receive tasks: an operation or a message (BPMN 10.3.3)."""
    _service(element, draft, reading)
    ref = reference(element.get("messageRef"))
    if ref is None:
        return
    message = reading.definitions.find(ref, "message")
    if message is None:
        reading.dangling(element, "messageRef", ref, "it is taken for the message's name")
        draft.execution["message_name"] = ref
        return
    draft.execution["message_name"] = name_or_id(message) or ref
    draft.execution["correlation_key"] = correlation_key(message)


def _call(element: Element, draft: Draft, reading: Reading) -> None:
    isolated = draft.dialect in ISOLATED_CALLS
    draft.call["propagate_all_inputs"] = draft.call["propagate_all_outputs"] = not isolated
    if called := reference(element.get("calledElement")):
        draft.call["called_element"] = reading.definitions.unprefixed(called)


def _script(element: Element, draft: Draft, _reading: Reading) -> None:
    if script_format := reference(element.get("scriptFormat")):
        draft.execution["script_format"] = script_format


def read_script(element: Element, draft: Draft, reading: Reading) -> None:
    """Read the text of a script task."""
    text = text_of(element)
    if text is not None:
        draft.execution["script"] = SourceExpression(
            text, draft.execution.get("script_format") or reading.definitions.language, element.sourceline
        )


ACTIVITIES: Mapping[NodeType, Callable[[Element, Draft, Reading], None]] = {
    NodeType.SERVICE_TASK: _service,
    NodeType.BUSINESS_RULE_TASK: _service,
    NodeType.USER_TASK: _service,
    NodeType.SEND_TASK: _messaging,
    NodeType.RECEIVE_TASK: _messaging,
    NodeType.CALL_ACTIVITY: _call,
    NodeType.SCRIPT_TASK: _script,
}
