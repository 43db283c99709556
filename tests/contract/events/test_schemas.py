"""What transitions really emit is valid against the schemas that are shipped."""

import json

from jsonschema import Draft202012Validator

from orchestrator.adapters.dynamodb.event_log import DynamoDBEventLog
from orchestrator.domain.cloud_event import body_of
from orchestrator.domain.definition import DefinitionStatus, DefinitionUpdate
from orchestrator.domain.event_catalogue import CATALOGUE, schema_of
from orchestrator.domain.events import EventType
from orchestrator.ports.events import EventQuery
from orchestrator.ports.paging import Page
from orchestrator.services.definitions.validation import ValidationOptions
from orchestrator.services.machines.interruption import Target
from tests.builders import ADA, Runtime
from tests.contract.events.hooks import Hooks

FORMATS = Draft202012Validator.FORMAT_CHECKER


def a_busy_day(runtime: Runtime) -> None:
    definition = runtime.defined()
    runtime.definitions.validate(ADA, definition, ValidationOptions())
    runtime.definitions.publish(ADA, definition)
    instance = runtime.started(definition)
    task = runtime.arrive(instance, "first", trail=("start",))
    runtime.tasks.start(ADA, task)
    runtime.complete(task, x=1)
    runtime.arrive(instance, "second")
    target = Target(element_id="second", scope="", occurrence=0)
    runtime.interrupter.interrupt(runtime.call(instance), by="gate", target=target, reason="timer")
    runtime.dispatcher.complete(runtime.call(instance), {"x": 1})
    failing = runtime.started(definition)
    runtime.dispatcher.fail(runtime.call(failing), element_id="end", code="E1", message="no way")
    for status in (DefinitionStatus.DEPRECATED, DefinitionStatus.ARCHIVED):
        runtime.definitions.update(ADA, definition, DefinitionUpdate(status=status))


def test_what_the_runtime_emits(runtime: Runtime) -> None:
    a_busy_day(runtime)
    found = DynamoDBEventLog(runtime.table).list(EventQuery(), Page(limit=200)).items
    kinds = {event.type for event in found}
    assert {EventType.TASK_COMPLETED, EventType.WORKFLOW_COMPLETED, EventType.WORKFLOW_FAILED} <= kinds
    assert len(kinds) > 12, kinds
    for event in found:
        validated(event)


def test_what_webhooks_emit(world: Hooks) -> None:
    webhook = world.registered("https://hooks.example.com/")
    world.webhooks.hold(ADA, webhook.id)
    world.webhooks.resume(ADA, webhook.id)
    world.webhooks.remove(ADA, webhook.id)
    for event in DynamoDBEventLog(world.table).list(EventQuery(), Page(limit=200)).items:
        validated(event)


def validated(event) -> None:
    body = json.loads(json.dumps(body_of(event)))
    Draft202012Validator(schema_of(event.type), format_checker=FORMATS).validate(body)
    told = CATALOGUE[event.type]
    undescribed = set(body["data"]) - {*told.always, *told.sometimes}
    assert not undescribed, f"{event.type} tells more than docs/events.md says"
