"""`make docs`: rewrite the pages of docs/ that are generated from the code."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from infra import event_reference
from orchestrator.api.reference.openapi import document
from orchestrator.api.reference.page import page
from orchestrator.compiler.asl.coverage import render_coverage
from orchestrator.compiler.check.documentation import render_rules

ROOT: Final = Path(__file__).resolve().parents[1]


def openapi() -> dict[str, Any]:
    """The API of this version."""
    return document(version=tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


#: page below docs/ -> its text
PAGES: Final[dict[str, Callable[[], str]]] = {
    "api.md": lambda: page(openapi()),
    "bpmn-coverage.md": render_coverage,
    "validation-rules.md": render_rules,
    **event_reference.pages(),
}


def main() -> None:
    """Write every page."""
    for name, text in PAGES.items():
        path = ROOT / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text())


if __name__ == "__main__":
    main()
