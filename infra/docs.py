"""`make docs`: rewrite what is generated from the code, the pages of docs/ and the modules of the Python client."""

import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from infra import event_reference
from infra.client.methods import render_methods
from infra.client.shapes import render_shapes
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


#: module of the Python client -> its text
MODULES: Final[dict[str, Callable[[], str]]] = {
    "shapes.py": lambda: formatted(render_shapes(openapi())),
    "operations.py": lambda: formatted(render_methods(openapi())),
}
CLIENT: Final = ROOT / "clients" / "python" / "src" / "task_orchestrator_client"


def formatted(text: str) -> str:
    """Return a module as the formatter of the project leaves it."""
    command = [str(Path(sys.executable).with_name("ruff")), "format", "--quiet", "--stdin-filename", "module.py", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=ROOT).stdout


def main() -> None:
    """Write every page, and the modules of the client."""
    for directory, texts in ((ROOT / "docs", PAGES), (CLIENT, MODULES)):
        for name, text in texts.items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text())


if __name__ == "__main__":
    main()
