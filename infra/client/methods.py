"""A method for every endpoint of the API."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from infra.client.shapes import annotation, answer, docstring, operations, query_name, query_of, reference

Schema = Mapping[str, Any]
_PLACE: Final = re.compile(r"{(\w+)}")
_HEAD: Final = '''"""A method for every endpoint (generated from the API's OpenAPI document: `make docs`)."""

from collections.abc import Iterator
from typing import Unpack

from task_orchestrator_client import shapes
from task_orchestrator_client.transport import Transport


class Operations(Transport):
    """Every endpoint. Fields of the body, or query parameters, are keyword arguments."""
'''
#: words of operation ids that say nothing more
_SHORTER: Final = {
    "workflow_definition": "definition",
    "workflow_instance": "instance",
    "workflow_events": "events",
    "event_webhook": "webhook",
    "available_": "",
    "resource_allocation": "allocation",
    "_information": "",
}
#: operations whose summary reads badly as a name
_SHORT: Final = {
    "createWorkflowInstance": "create_instance",
    "claimTasksForAWorker": "claim_tasks",
    "extendOrEndClaimOfTask": "change_claim",
    "getTaskDetails": "get_task",
    "startTaskExecution": "start_task",
    "markTaskAsFailed": "fail_task",
    "raiseEscalationOfTask": "escalate_task",
    "retryFailedTask": "retry_task",
    "getTaskExecutionLogs": "get_task_logs",
    "addToTaskExecutionLog": "add_task_log",
    "answerAServiceCall": "answer_service_call",
    "startMultipleWorkflows": "batch_start",
    "cancelMultipleWorkflows": "batch_cancel",
    "getExecutionQueueStatus": "get_queue_status",
    "setExecutionPriority": "set_priority",
    "rotateSigningSecretOfEventWebhook": "rotate_webhook_secret",
    "redeliverFailedEvents": "redeliver_failed",
    "redeliverOneEvent": "redeliver",
    "reportAgentHeartbeat": "report_heartbeat",
    "serviceHealthCheck": "get_health",
    "servicePerformanceMetrics": "get_metrics",
    "describeTheAPI": "get_openapi",
}
#: headers that callers may set: parameter of the method -> header
_HEADERS: Final = {"idempotency_key": "Idempotency-Key", "if_match": "If-Match"}


def render_methods(document: Schema) -> str:
    """Return the module of the methods."""
    schemas: Mapping[str, Schema] = document["components"]["schemas"]
    methods = [
        text
        for method, path, operation in operations(document)
        for text in (_method(method, path, operation), *_iterator(method, path, operation, schemas))
    ]
    return "\n".join([_HEAD, *methods])


def method_name(operation: Schema) -> str:
    """Return the name of the method of an operation: `list_tasks` of `listTasks`, or a shorter one."""
    identity = str(operation["operationId"])
    if identity in _SHORT:
        return _SHORT[identity]
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", identity).lower()
    for long, short in _SHORTER.items():
        words = words.replace(long, short)
    return words


def _method(method: str, path: str, operation: Schema) -> str:
    given, values = _arguments(operation)
    shape = answer(operation)
    call = f"self.call({', '.join([_quoted(method), _url(path), *values])})"
    head = f"{method_name(operation)}({_parameters(path, given)})"
    if not shape:
        return _function(f"{head} -> None", _meaning(operation), call)
    return _function(f"{head} -> shapes.{shape}", _meaning(operation), f"return {call}")


def _iterator(method: str, path: str, operation: Schema, schemas: Mapping[str, Schema]) -> Iterator[str]:
    """Yield the method that goes through all pages of a list."""
    if "cursor" not in {parameter["name"] for parameter in query_of(operation)}:
        return
    properties = schemas[answer(operation) or ""]["properties"]
    field, items = next((name, schema["items"]) for name, schema in properties.items() if schema.get("type") == "array")
    given, values = _arguments(operation)
    sent = ", ".join([_quoted(method), _url(path), _quoted(field), *values])
    name = f"iterate_{method_name(operation).partition('_')[2]}"
    head = f"{name}({_parameters(path, given)}) -> Iterator[shapes.{reference(items)}]"
    yield _function(head, f"{_meaning(operation)} Goes through all pages.", f"return self.pages({sent})")


def _function(head: str, meaning: str, body: str) -> str:
    return f"    def {head}:\n{docstring(meaning, ' ' * 8)}\n        {body}\n"


def _meaning(operation: Schema) -> str:
    return str(operation.get("description") or f"{operation['summary']}.")


def _parameters(path: str, given: list[str]) -> str:
    places = [f"{place}: str" for place in _PLACE.findall(path)]
    return ", ".join(["self", *places, "/", *given])


def _arguments(operation: Schema) -> tuple[list[str], list[str]]:
    """Parameters beside those of the path, and how they are handed on."""
    listed = {str(one.get("$ref", "")).rpartition("/")[2] for one in operation.get("parameters", [])}
    headers = {name: header for name, header in _HEADERS.items() if header in listed}
    given = [f"{name}: str | None = None" for name in headers]
    values = [f"{name}={name}" for name in headers]
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        if "$ref" in schema:
            given.append(f"**body: Unpack[shapes.{reference(schema)}]")
        else:
            given.append(f"**body: {annotation(schema)}")
        values.append("body=body")
    elif query_of(operation):
        given.append(f"**query: Unpack[shapes.{query_name(operation)}]")
        values.append("query=query")
    return (["*", *given] if headers else given), values


def _url(path: str) -> str:
    return "f" + _quoted(_PLACE.sub(r"{self.quoted(\1)}", path)) if "{" in path else _quoted(path)


def _quoted(text: str) -> str:
    return f'"{text}"'
