"""Every event is described, every schema is one, the shipped files are current, and our samples are valid."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from infra import event_reference
from orchestrator.domain.event_catalogue import CATALOGUE, FIELDS, schema_of
from orchestrator.domain.events import EventType

ROOT = Path(__file__).resolve().parents[2]


def test_every_type_is_described_and_every_field_used() -> None:
    assert set(CATALOGUE) == set(EventType)
    used = {name for told in CATALOGUE.values() for name in (*told.always, *told.sometimes)}
    assert used == set(FIELDS)


@pytest.mark.parametrize("kind", EventType)
def test_schemas_are_schemas(kind: EventType) -> None:
    Draft202012Validator.check_schema(schema_of(kind))


def test_the_shipped_pages_are_current() -> None:
    for name, text in event_reference.pages().items():
        assert (ROOT / "docs" / name).read_text() == text(), f"{name}: run make docs"


def test_no_schema_is_left_over() -> None:
    shipped = {str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs" / "event-schemas").rglob("*.json")}
    assert shipped == {name for name in event_reference.pages() if name.endswith(".json")}


@pytest.mark.parametrize("path", sorted((ROOT / "events" / "sqs").glob("command-*.json")), ids=lambda path: path.stem)
def test_samples_of_commands(path: Path) -> None:
    entry = json.loads(json.loads(path.read_text())["Records"][0]["body"])
    shipped = ROOT / "docs" / "event-schemas" / "commands" / f"{entry['detail-type']}.json"
    bad = path.stem in {"command-unknown", "command-malformed"}
    assert (shipped.exists() and Draft202012Validator(json.loads(shipped.read_text())).is_valid(entry["detail"])) != bad


def test_the_sample_of_an_event() -> None:
    entry = json.loads(json.loads((ROOT / "events/sqs/webhook-event.json").read_text())["Records"][0]["body"])
    Draft202012Validator(schema_of(EventType.TASK_COMPLETED)).validate(entry["detail"]["data"])
