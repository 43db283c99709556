"""What is there when bad requests come: one thing of each kind and state, those of projects all of the project `p1`."""

from collections import Counter
from dataclasses import dataclass

from orchestrator.adapters.dynamodb import keys
from orchestrator.adapters.dynamodb.tasks import ADDED_LINES
from orchestrator.adapters.system import SystemClock
from orchestrator.bootstrap import aws as aws_bootstrap
from orchestrator.bootstrap import events as event_bootstrap
from orchestrator.bootstrap import tasks as tasks_bootstrap
from orchestrator.domain.ids import InstanceId, TaskId
from orchestrator.domain.task import LogLevel, LogLine
from orchestrator.domain.webhooks import delivery
from tests.api.edge import Edge
from tests.api.service import NOT_RUNNABLE, Service

OURS = {"execution_context": {"project_id": "p1"}}
HOOK = {"url": "http://127.0.0.1:9/hook"}
SECRET = "secret-of-the-call"


@dataclass(frozen=True)
class World:
    """Names in capitals -> ids."""

    service: Service
    ids: dict[str, str]

    def real(self, text: str) -> str:
        """The text with ids in place of `$NAMES`."""
        for name, identity in self.ids.items():
            text = text.replace(f"${name}", identity)
        return text


def world(api: Edge) -> World:
    """Everything, made through the API where it has a way to it."""
    service = Service(Counter(), api)
    definition = service.published()
    draft, archived = service.defined(NOT_RUNNABLE), service.published()
    for status in ("deprecated", "archived"):
        api.ok("PUT", f"/workflow-definitions/{archived}", {"status": status})
    ids = {"DEFINITION": definition, "DRAFT": draft, "ARCHIVED": archived}
    ids |= _instances(service, definition) | _webhooks(api) | _resources(service, definition)
    return World(service, ids | _tasks(service, definition))


def _instances(service: Service, definition: str) -> dict[str, str]:
    api, made = service.api, {"CREATED": service.created(definition, **OURS)}
    for name, action in (("RUNNING", ""), ("PAUSED", "pause"), ("CANCELLED", "cancel"), ("TERMINATED", "terminate")):
        made[name] = service.started(definition, **OURS)
        if action:
            api.ok("POST", f"/workflow-instances/{made[name]}/{action}")
    asked = {"workflows": [{"workflow_definition_id": definition, **OURS}], "execution_options": {"batch_id": "b-1"}}
    return made | {"BATCH": api.ok("POST", "/execution/batch-start", asked)["batch_id"]}


def _webhooks(api: Edge) -> dict[str, str]:
    ours = Edge(projects="p1", subject="pia")
    hook, held = (ours.ok("POST", "/events/webhook", HOOK)["webhook_id"] for _ in range(2))
    api.ok("POST", f"/events/webhook/{held}/pause")
    store = event_bootstrap._deliveries()
    waiting = delivery.trial(event_bootstrap._webhooks().load(hook), "0" * 26, SystemClock().now(), asked_by="ada")
    store.create(waiting)
    return {"HOOK": hook, "HELD": held, "EVENT": waiting.event_id}


def _resources(service: Service, definition: str) -> dict[str, str]:
    api = service.api
    api.ok("POST", "/resources/agents", {"agent_id": "ann", "agent_type": "human", "name": "Ann"})
    api.ok("POST", "/resources/services", {"service_name": "scoring", "delivery": "claim"})
    kept = {"resource_type": "project", "resource_id": "p1", "reserved_workflows": 3}
    allocation = api.ok("POST", "/resources/allocation", kept)["allocation_id"]
    locked = _assigned(service, definition, {"service_name": "scoring", "agent_type": "service"})
    api.ok("POST", "/tasks/claim", {"worker_id": "w-1", "topics": ["scoring"], "lock_duration": 3600})
    _assigned(service, definition, {"agent_id": "ann", "agent_type": "human"})
    return {"AGENT": "ann", "SERVICE": "scoring", "ALLOCATION": allocation, "LOCKED": locked}


def _assigned(service: Service, definition: str, performer: dict[str, str]) -> str:
    task = service.arrive(service.started(definition, **OURS))
    service.api.ok("POST", f"/tasks/{task}/reassign", {"new_assignment": performer})
    return task


def _tasks(service: Service, definition: str) -> dict[str, str]:
    task, done = (service.arrive(service.started(definition, **OURS)) for _ in range(2))
    service.api.ok("POST", f"/tasks/{done}/complete")
    _called(done)
    _log_filled(task)
    return {"TASK": task, "DONE": done, "SECRET": SECRET}


def _called(task: str) -> None:
    """As if a service had been called for it."""
    aws_bootstrap.client("dynamodb").update_item(
        TableName="record",
        Key={"pk": {"S": keys.instance(_owner(task))}, "sk": {"S": keys.task(TaskId(task))}},
        UpdateExpression="SET callback_token = :token",
        ExpressionAttributeValues={":token": {"S": SECRET}},
    )


def _log_filled(task: str) -> None:
    service = tasks_bootstrap.task_service()
    record = service.tasks.load(task)
    line = LogLine(timestamp=record.task.created_at, level=LogLevel.INFO, message="m")
    for _ in range(ADDED_LINES):
        assert service.tasks.add_log(record.task, line)


def _owner(task: str) -> InstanceId:
    return tasks_bootstrap.task_service().tasks.load(task).task.instance_id
