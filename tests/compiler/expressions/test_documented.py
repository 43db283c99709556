"""The page about expressions names every function that runs."""

from pathlib import Path

import pytest

from orchestrator.compiler.expressions.builtin import SIGNATURES

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "expressions.md").read_text()


@pytest.mark.parametrize("name", [str(function) for function in SIGNATURES if not function.startswith("{")])
def test_every_function_is_named(name):
    assert f"`{name}`" in PAGE
