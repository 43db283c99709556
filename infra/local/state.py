"""Saves the state of all services while they serve, and brings it back at the start.

A save is taken in one step on the loop that serves requests, so that it shows no request half done. DynamoDB's
items, messages of queues and executions are journals of changes; of other services, what did not change is not
written again.
"""
# ruff: noqa: SLF001 - the endpoint has no public seam for this

import hashlib
import json
from typing import Any

from infra.local.emulator import application, module, service
from infra.local.items import ItemJournal, with_items, without_items
from infra.local.messages import MessageJournal, queues_without_messages, release_received
from infra.local.step_functions import StepFunctions
from infra.local.store import Changes, Store

Json = dict[str, Any]

_SERVICES = "service"
#: read and changed by requests to the product, hence looked at in every save; all others only after a deployment
_LIVELY = ("eventbridge", "scheduler", "secretsmanager", "ssm", "s3", "kms")
#: logs and metrics are not state; the rest is kept in other ways
_SKIPPED = ("cloudwatch_logs", "cloudwatch", "cloudtrail", "stepfunctions", "dynamodb", "sqs", "sts")
_SMALLEST_BLOB = 4096


class State:
    """The state of this process and its copy in the store."""

    def __init__(self, store: Store, states: StepFunctions) -> None:
        self._store = store
        self._states = states
        self._items = ItemJournal()
        self._messages = MessageJournal()
        self._hashes: dict[str, str] = {}
        self._deployed = True

    def install(self) -> None:
        """Begin to note changes."""
        self._items.install()
        lambda_svc = service("lambda_svc")
        lambda_svc._externalize_code_zip = _leave  # archives are blobs of the store, not files of the endpoint
        lambda_svc._prune_orphan_code_blobs = _leave

    def deployed(self) -> None:
        """Resources may have changed: the next save looks at every service."""
        self._deployed = True

    def changes(self) -> Changes:
        """What changed since the last call; call it on the loop that serves requests."""
        changes = Changes()
        everything, self._deployed = self._deployed, False
        self._items.take(changes)
        self._messages.take(changes)
        self._take("dynamodb", _tables(), changes)
        self._take("streams", _streams(), changes)
        self._take("sqs", queues_without_messages(), changes)
        for name, get_state in application()._build_persistence_save_dict().items():
            if name not in _SKIPPED and (everything or name in _LIVELY):
                self._take(name, get_state(), changes)
        for machine, stored in self._states.changed_machines().items():
            changes.put("machine", machine, None if stored is None else json.dumps(stored))
        for execution in self._states.changed_executions():
            changes.put("execution", execution["arn"], json.dumps(execution))
        return changes

    def _take(self, name: str, state: Json | None, changes: Changes) -> None:
        if state is None:
            return
        text = json.dumps(state, default=lambda value: _encoded(value, changes))
        digest = hashlib.sha256(text.encode()).hexdigest()
        if self._hashes.get(name) != digest:
            self._hashes[name] = digest
            changes.put(_SERVICES, name, text)

    def restore(self) -> None:
        """Bring back what is stored: before requests are served."""
        used: set[str] = set()
        stored = {name: json.loads(text, object_hook=self._decoder(used)) for name, text in self._store.read(_SERVICES)}
        self._store.keep_blobs(used)
        if "dynamodb" in stored:
            _restore_tables(stored.pop("dynamodb"))
            self._items.restore(self._store)
        streams = stored.pop("streams", None)
        for name, state in stored.items():
            service(application()._state_map[name]).load_persisted_state(state)
        if streams is not None:
            _restore_streams(streams)
        self._messages.restore(self._store)
        release_received()
        self._states.restore(
            [json.loads(value) for _, value in self._store.read("machine")],
            [json.loads(value) for _, value in self._store.read("execution")],
        )

    def _decoder(self, used: set[str]) -> Any:
        hook = module("core.persistence")._json_object_hook

        def decode(value: Json) -> Any:
            if "__blob__" in value:
                used.add(value["__blob__"])
                return self._store.blob(value["__blob__"])
            return hook(value)

        return decode


def _encoded(value: Any, changes: Changes) -> Any:
    if isinstance(value, bytes) and len(value) >= _SMALLEST_BLOB:
        return {"__blob__": changes.blob(value)}
    return module("core.persistence")._json_default(value)


def _leave(*_: object) -> None:
    """Nothing to do."""


def _tables() -> Json:
    dynamodb = service("dynamodb")
    stores: Json = {
        "tags": dynamodb._tags,
        "ttl_settings": dynamodb._ttl_settings,
        "pitr_settings": dynamodb._pitr_settings,
        "resource_policies": dynamodb._resource_policies,
    }
    tables = type(dynamodb._tables)()
    tables._data = {key: without_items(table) for key, table in dynamodb._tables._data.items()}
    return {"tables": tables, **stores}


def _restore_tables(state: Json) -> None:
    tables = state["tables"]._data
    for key, table in tables.items():
        tables[key] = with_items(table)
    service("dynamodb").load_persisted_state(state)


def _streams() -> Json:
    dynamodb, lambda_svc = service("dynamodb"), service("lambda_svc")
    return {
        "records": dynamodb._stream_records,
        "trimmed": dynamodb._stream_trimmed,
        "positions": lambda_svc._dynamodb_stream_positions,
    }


def _restore_streams(state: Json) -> None:
    dynamodb, lambda_svc = service("dynamodb"), service("lambda_svc")
    dynamodb._stream_records._data = dict(state["records"]._data)
    dynamodb._stream_trimmed._data = dict(state["trimmed"]._data)
    lambda_svc._dynamodb_stream_positions._data = dict(state["positions"]._data)
