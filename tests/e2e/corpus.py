"""The real BPMN files beside the checkout; tests that need one are skipped where they are absent."""

from pathlib import Path

import pytest

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "bpmn"


def model(file_id: str) -> str:
    """The text of the corpus file with this id (`s104`)."""
    found = sorted((CORPUS / "files").glob(f"{file_id}_*"))
    if not found:
        pytest.skip("the real BPMN files (../shared/bpmn) are not beside this checkout")
    return found[0].read_text(encoding="utf-8")
