"""Each documented example of the spec: the request as given is taken, the answer has the documented shape."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestrator.api.reference.operations import OPERATIONS
from orchestrator.domain.resources.working_hours import Weekday
from tests.api import examples
from tests.api.edge import Answer
from tests.api.service import TWO_TASKS, Service

SPEC = Path(__file__).resolve().parents[3] / "shared" / "spec" / "task-orchestrator-api.md"
Json = dict[str, Any]
Key = tuple[str, str]
EXAMPLES = examples.stored()
#: answers made of measurements: in an account where hardly anything happened, figures are null
MEASURED: set[Key] = {
    ("GET", "/monitoring/performance"),
    ("GET", "/execution/queue-status"),
    ("GET", "/analytics/workflow-performance"),
    ("GET", "/health"),
    ("GET", "/metrics"),
    ("GET", "/resources/capacity"),
}
#: fields that may be null although the example has a value: nobody knows it in the test's situation
UNKNOWN = {
    "current_tasks.estimated_completion": "the model sets neither deadline nor due date",
    "current_tasks.assigned_to": "nobody was assigned",
    "current_tasks.started_at": "nobody has begun",
    "execution_metrics.average_task_duration": "no task has been completed",
    "execution_metrics.resource_utilization.cpu_usage": "cannot be measured",
    "execution_metrics.resource_utilization.memory_usage": "cannot be measured",
    "execution_context.trace_id": "tracing is off",
    "result_summary.quality_score": "the result states none",
    "execution_summary.estimated_completion": "no duration was measured",
    "started_at": "nobody has begun",
    "execution_context.project_id": "none was given",
    "execution_context.team_id": "none was given",
    "execution_context.environment": "none was given",
    "assignment.assigned_to.endpoint": "the service is not registered",
}
#: free JSON: the caller's own names
FREE = {"resource_utilization.service_load", "input_data", "execution_logs.details", "events.data.result_summary"}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@pytest.mark.skipif(not SPEC.exists(), reason="the spec is not beside the checkout")
def test_the_stored_examples_are_the_specs() -> None:
    assert list(examples.read(SPEC.read_text())) == list(EXAMPLES.values())


def definition(service: Service) -> str:
    (listed,) = EXAMPLES["GET", "/workflow-definitions"]["answer"]["workflow_definitions"]
    return service.published(description=listed["description"], metadata=listed["metadata"])


MODEL_MANAGER = {"service_name": "model-manager", "agent_type": "service"}
ANALYST = {"agent_id": "agent-data-analyst-001", "agent_type": "human"}


def task(service: Service, performer: Json = MODEL_MANAGER) -> str:
    assigned = {"collect": performer}
    context = EXAMPLES["POST", "/workflow-instances"]["bodies"][0]["execution_context"]
    created = service.created(definition(service), execution_context=context)
    service.api.ok("POST", f"/workflow-instances/{created}/start", {"start_options": {"initial_assignments": assigned}})
    waiting = service.arrive(created, model_id="m")
    service.api.ok("POST", f"/tasks/{waiting}/start")
    return waiting


def completed(service: Service) -> str:
    waiting = task(service)
    service.api.ok("POST", f"/tasks/{waiting}/complete")
    return service.api.ok("GET", f"/tasks/{waiting}")["workflow_instance_id"]


def analyst(service: Service) -> str:
    (listed,) = EXAMPLES["GET", "/resources/agents"]["answer"]["agents"]
    given = {name: listed[name] for name in ("agent_id", "agent_type", "name", "capabilities", "expertise")}
    hours = {"timezone": "America/New_York", "schedule": "00:00-24:00", "days": list(Weekday)}
    return service.api.ok("POST", "/resources/agents", {**given, "working_hours": hours})["agent_id"]


#: what must be there before the request; the id that it makes stands in the example's place
BEFORE: dict[Key, Callable[[Service], str]] = {
    ("GET", "/workflow-definitions"): definition,
    ("POST", "/workflow-definitions/{id}/validate"): definition,
    ("POST", "/workflow-instances"): definition,
    ("POST", "/workflow-instances/{id}/start"): lambda service: service.created(definition(service)),
    ("GET", "/workflow-instances/{id}/status"): lambda service: service.api.ok("GET", f"/tasks/{task(service)}")[
        "workflow_instance_id"
    ],
    ("GET", "/tasks/{id}"): task,
    ("POST", "/tasks/{id}/complete"): task,
    ("POST", "/tasks/{id}/reassign"): lambda service: task(service, ANALYST),
    ("POST", "/execution/batch-start"): definition,
    ("GET", "/monitoring/performance"): completed,
    ("GET", "/analytics/workflow-performance"): definition,
    ("GET", "/events"): completed,
    ("GET", "/resources/agents"): analyst,
}


def prepared(value: Any, identity: str | None) -> Any:
    """The request with real ids and a whole model in place of the shortened one."""
    text = json.dumps(value)
    if identity is not None:
        text = re.sub(r"\b(wf-def|wf-inst|task)-\d{3}\b", identity, text)
    value = json.loads(text)
    if isinstance(value, dict) and "bpmn_content" in value:
        value["bpmn_content"] = TWO_TASKS
    return value


@pytest.mark.parametrize("key", EXAMPLES, ids=" ".join)
def test_the_request_is_taken_and_the_answer_has_the_documented_shape(service: Service, key: Key) -> None:
    example = EXAMPLES[key]
    for body in example["bodies"] or [None]:
        identity = BEFORE[key](service) if key in BEFORE else None
        answer = ask(service, key, prepared(example["url"], identity), prepared(body, identity))
        assert answer.status in {200, 201}, answer
        faults = [
            fault
            for fault in differences(example["answer"], answer.body)
            if not (key in MEASURED and is_null(answer.body, fault))
        ]
        assert faults == [], answer.body
        assert_allowed(key, example["answer"], answer.body)


def ask(service: Service, key: Key, url: str, body: Any) -> Answer:
    return service.api.read(url) if key[0] == "GET" else service.api.call(key[0], url, body)


def is_null(actual: Any, path: str) -> bool:
    """Whether the field is there and null, or inside something that is."""
    for name in path.split("."):
        if isinstance(actual, list):
            actual = actual[int(name)]
        elif isinstance(actual, dict) and name in actual:
            actual = actual[name]
        else:
            return False
        if actual is None:
            return True
    return False


def differences(documented: Any, actual: Any, path: str = "") -> list[str]:
    """Paths where the answer lacks a documented field or has another type."""
    plain = re.sub(r"\.\d+(?=\.|$)", "", path)
    if documented is None or (actual is None and plain in UNKNOWN):
        return []
    if isinstance(documented, dict) and isinstance(actual, dict):
        return [] if plain in FREE else _fields(documented, actual, path)
    if isinstance(documented, list) and isinstance(actual, list):
        pairs = enumerate(zip(documented[:1], actual[:1], strict=False))
        return [fault for index, (want, got) in pairs for fault in differences(want, got, f"{path}.{index}")]
    return [] if kind_of(documented) == kind_of(actual) else [path]


def _fields(documented: Json, actual: Json, path: str) -> list[str]:
    faults: list[str] = []
    for name, want in documented.items():
        inner = f"{path}.{name}" if path else name
        faults += differences(want, actual[name], inner) if name in actual else [inner]
    return faults


def kind_of(value: Any) -> str:
    """number, string, time, true/false, ..."""
    if isinstance(value, str):
        return "time" if _TIME.fullmatch(value) else "string"
    return "number" if type(value) in {int, float} else type(value).__name__


def assert_allowed(key: Key, documented: Json, actual: Json) -> None:
    """Documented values (enumerations above all) are values that our reference allows in their places."""
    model = OPERATIONS[key].answer
    assert model is not None
    if key not in MEASURED:
        model.model_validate_json(json.dumps(with_milliseconds(laid_over(documented, actual))))


def laid_over(documented: Any, actual: Any) -> Any:
    if isinstance(documented, dict) and isinstance(actual, dict):
        merged = {name: laid_over(value, actual.get(name)) for name, value in documented.items()}
        return {**actual, **merged}
    if isinstance(documented, list) and isinstance(actual, list) and actual:
        return [laid_over(value, actual[0]) for value in documented]
    return (
        documented if not isinstance(documented, list) or not any(isinstance(x, dict) for x in documented) else actual
    )


def with_milliseconds(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: with_milliseconds(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [with_milliseconds(inner) for inner in value]
    return re.sub(r"(:\d\d)Z$", r"\1.000Z", value) if isinstance(value, str) and _TIME.fullmatch(value) else value
