"""Which messages of queues changed since the last save: a save writes these and no others."""
# ruff: noqa: SLF001 - the endpoint has no public seam for this

import json
import time
from collections.abc import Iterator
from typing import Any

from infra.local.emulator import module, service
from infra.local.store import Changes, Store

Json = dict[str, Any]
_PREFIX = "messages/"
#: what changes of a message while it is in a queue: who received it last, and until when it is invisible
Mark = tuple[str | None, float]


class MessageJournal:
    """Compares the queues with what was saved last; used on the loop that serves requests."""

    def __init__(self) -> None:
        self._saved: dict[tuple[str, str], Mark] = {}

    def take(self, changes: Changes) -> None:
        """Add what changed since the last call."""
        marks: dict[tuple[str, str], Mark] = {}
        for queue in _queues():
            collection = _collection(queue)
            for message in queue["messages"]:
                key = (collection, message["id"])
                mark = marks[key] = _mark(message)
                if self._saved.get(key) != mark:
                    changes.put(*key, json.dumps(message, default=module("core.persistence")._json_default))
        for key in self._saved.keys() - marks.keys():
            changes.put(*key, None)
        self._saved = marks

    def restore(self, store: Store) -> None:
        """Fill the restored queues, oldest message first; messages of queues that are no more are forgotten."""
        queues = {_collection(queue): queue for queue in _queues()}
        for collection in store.collections():
            if not collection.startswith(_PREFIX):
                continue
            queue = queues.get(collection)
            if queue is None:
                store.drop(collection)
                continue
            messages = [json.loads(value, object_hook=_decoded) for _, value in store.read(collection)]
            queue["messages"] += sorted(messages, key=lambda message: (message["sent_at"], message.get("seq") or ""))
            self._saved |= {(collection, message["id"]): _mark(message) for message in messages}


def queues_without_messages() -> Json:
    """The state of the service, as it saves and loads it itself, but for the messages."""
    sqs = service("sqs")
    queues = type(sqs._queues)()
    queues._data = {key: {**queue, "messages": []} for key, queue in sqs._queues._data.items()}
    return {"queues": queues, "queue_name_to_url": sqs._queue_name_to_url}


def release_received() -> None:
    """Whoever had received a message is gone: it is visible again at once."""
    now = time.time()
    for queue in _queues():
        for message in queue["messages"]:
            if message.get("receipt_handle") and message.get("visible_at", 0) > now:
                message["visible_at"] = now


def _queues() -> Iterator[Json]:
    yield from service("sqs")._queues._data.values()


def _collection(queue: Json) -> str:
    return f"{_PREFIX}{queue['url']}"


def _mark(message: Json) -> Mark:
    return message.get("receipt_handle"), message.get("visible_at", 0.0)


def _decoded(value: Json) -> Any:
    return module("core.persistence")._json_object_hook(value)
