"""A save writes the messages that changed, and a start finds them as they were, in order."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.emulator import service
from infra.local.messages import MessageJournal, queues_without_messages
from infra.local.store import Changes, Store

URL = "http://localhost/queue"


@pytest.fixture
def queue() -> Iterator[dict[str, Any]]:
    """The only queue of the endpoint."""
    queues = service("sqs")._queues
    before, queues._data = queues._data, {("0", "r", URL): {"url": URL, "name": "q", "messages": []}}
    yield queues._data["0", "r", URL]
    queues._data = before


def message(name: str, sent_at: float) -> dict[str, Any]:
    return {"id": name, "body": name * 3, "sent_at": sent_at, "visible_at": sent_at, "receipt_handle": None}


def taken(journal: MessageJournal, store: Store | None = None) -> dict[str, str | None]:
    changes = Changes()
    journal.take(changes)
    if store is not None:
        store.write(changes)
    return {key: value for (_, key), value in changes.records.items()}


def test_only_what_changed_is_written(queue: dict[str, Any]) -> None:
    journal = MessageJournal()
    queue["messages"] += [message("a", 1), message("b", 2)]
    assert set(taken(journal)) == {"a", "b"}
    assert taken(journal) == {}
    queue["messages"][1] |= {"receipt_handle": "r", "visible_at": 9.0}
    changed = taken(journal)
    assert set(changed) == {"b"}
    assert json.loads(changed["b"] or "")["receipt_handle"] == "r"
    del queue["messages"][0]
    assert taken(journal) == {"a": None}


def test_a_start_finds_them_in_order(queue: dict[str, Any], tmp_path: Path) -> None:
    store = Store(tmp_path / "state.sqlite")
    queue["messages"] += [message("z", 1), message("a", 2)]
    taken(MessageJournal(), store)
    assert queues_without_messages()["queues"]._data["0", "r", URL]["messages"] == []
    kept, queue["messages"] = queue["messages"], []
    journal = MessageJournal()
    journal.restore(store)
    assert queue["messages"] == kept
    assert taken(journal) == {}
    service("sqs")._queues._data.clear()
    journal.restore(store)
    assert list(store.read(f"messages/{URL}")) == []
    store.close()
