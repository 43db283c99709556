"""The reference of events and commands: a page, and a JSON Schema for each, made from the code."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from orchestrator.domain.cloud_event import SOURCE
from orchestrator.domain.event_catalogue import CATALOGUE, schema_of
from orchestrator.workers.command_schemas import SCHEMAS

_DIRECTORY: Final = "event-schemas"

_INTRODUCTION: Final = f"""# Events and commands

*Made from the code by `make docs`.*

Every change of a definition, an instance, a task or a webhook appends its event to the log in the same transaction.
From there events go, in order per instance and at least once, to the stage's EventBridge bus: `source` is
`{SOURCE}`, `detail-type` the type of the event, `detail` a [CloudEvent](https://cloudevents.io) 1.0 whose `data` has
the schema given here. Webhooks get that `data` as their body ([webhooks.md](webhooks.md)); `GET /events` reads the log.

A duplicate carries the same `event_id`. `sequence` counts the events of one instance (or definition, or webhook) from
1 without gaps: sort by it, and what is missing has not arrived yet.

## Events

The fields of `data`; those in brackets may be absent.

| type | tells | `data` |
|---|---|---|
"""

_COMMANDS: Final = """
## Commands

Other services put entries on the bus under a `source` of their own; the `detail-type` names the command. Each is
carried out once: `command_id` is its sender's id for it, and a repetition changes nothing. What cannot be carried
out ends in the dead-letter queue of inbound events, with the message attributes `code` and `reason`, and is told by
a `command_rejected` event. Senders in other accounts are let in by `COMMAND_ACCOUNTS` ([deploy.md](deploy.md)).

| detail-type | asks for | `detail` |
|---|---|---|
"""


def page() -> str:
    """`docs/events.md`."""
    events = "".join(map(_event_row, CATALOGUE))
    commands = "".join(_command_row(str(kind), schema) for kind, schema in _command_schemas())
    return _INTRODUCTION + events + _COMMANDS + commands


def pages() -> Mapping[str, Callable[[], str]]:
    """Every file below docs/ that is made here, by name."""
    events = {f"{_DIRECTORY}/{kind}.json": partial(_text, schema_of(kind)) for kind in CATALOGUE}
    commands = {f"{_DIRECTORY}/commands/{kind}.json": partial(_text, schema) for kind, schema in _command_schemas()}
    return {"events.md": page, **events, **commands}


def _command_schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    for kind, model in SCHEMAS.items():
        schema = model.model_json_schema()
        identity = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:task-orchestrator:command:{kind}",
        }
        yield str(kind), {**identity, **schema}


def _event_row(kind: Any) -> str:
    told = CATALOGUE[kind]
    fields = [f"`{name}`" for name in told.always] + [f"[`{name}`]" for name in told.sometimes]
    return f"| [{kind}]({_DIRECTORY}/{kind}.json) | {told.summary} | {', '.join(fields)} |\n"


def _command_row(kind: str, schema: Mapping[str, Any]) -> str:
    required = schema.get("required", [])
    fields = [f"`{name}`" if name in required else f"[`{name}`]" for name in schema["properties"]]
    return f"| [{kind}]({_DIRECTORY}/commands/{kind}.json) | {schema['description']} | {', '.join(fields)} |\n"


def _text(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, indent=2) + "\n"
