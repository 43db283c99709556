"""Every alarm has its entry in the runbook, and every entry its alarms."""

import re
from fnmatch import fnmatchcase
from pathlib import Path

from tests.infra.assembly import Assembly

RUNBOOK = Path(__file__).resolve().parents[2] / "docs" / "runbook.md"


def _alarms(assembly: Assembly) -> set[str]:
    rows = assembly.stack("observability").of("AWS::CloudWatch::Alarm")
    return {re.sub(r"[0-9A-F]{8}$", "", row.logical_id) for row in rows}


def _entries() -> list[str]:
    return re.findall(r"^## (\S+)$", RUNBOOK.read_text(), re.MULTILINE)


def _entry_of(alarm: str) -> list[str]:
    exact = [entry for entry in _entries() if entry == alarm]
    return exact or [entry for entry in _entries() if fnmatchcase(alarm, entry)]


def test_every_alarm_has_one_entry(stage: Assembly) -> None:
    for alarm in _alarms(stage):
        assert len(_entry_of(alarm)) == 1, alarm


def test_every_entry_is_of_an_alarm(stage: Assembly) -> None:
    used = {entry for alarm in _alarms(stage) for entry in _entry_of(alarm)}
    assert used == set(_entries())


def test_alarms_that_the_text_names_exist(stage: Assembly) -> None:
    named = set(re.findall(r"`(\w+(?:Errors|Throttles|Depth|Lag|Instances))`", RUNBOOK.read_text()))
    assert named
    assert named <= _alarms(stage)
