"""Which changes of sources call for which deployment, and what never leaves this machine in an archive."""

import io
import zipfile
from pathlib import Path

import pytest

from infra.local.assets import archive
from infra.local.reload import is_code
from infra.local.settings import ROOT
from infra.local.synth import ProductTemplates


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("functions/tasks_api/handler.py", True),
        ("layers/orchestrator/python/orchestrator/domain/task.py", True),
        ("layers/dependencies/x", False),
        ("infra/stacks/data.py", False),
        ("state_machines/system/a.asl.json", False),
    ],
)
def test_what_is_only_code(file: str, code: bool) -> None:
    assert is_code(ROOT / file) is code


def test_the_key_changes_with_the_sources_of_templates_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("infra/app.py", "infra/local/serve.py", "functions/a/handler.py", "cdk.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    monkeypatch.setattr("infra.local.synth.ROOT", tmp_path)
    before = ProductTemplates().key()
    (tmp_path / "infra/local/serve.py").write_text("2")
    (tmp_path / "functions/a/__pycache__").mkdir()
    (tmp_path / "functions/a/__pycache__/handler.pyc").write_text("2")
    assert ProductTemplates().key() == before
    (tmp_path / "functions/a/handler.py").write_text("2")
    assert ProductTemplates().key() != before


def test_an_archive_is_the_same_for_the_same_files(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x.py").write_text("x")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "x.pyc").write_text("x")
    first = archive(tmp_path, skipped="__pycache__")
    assert archive(tmp_path, skipped="__pycache__") == first
    assert zipfile.ZipFile(io.BytesIO(first)).namelist() == ["b/x.py"]
