"""The examples compile to the machines that are stored beside them, byte for byte."""

import pytest

from tests.compiler.golden.examples import EXAMPLES, MACHINE, compiled, names


@pytest.mark.parametrize("name", names())
def test_compiles_to_its_golden_machine(name: str) -> None:
    assert compiled(name) == (EXAMPLES / name / MACHINE).read_text(), "differs; `make goldens` rewrites it"


@pytest.mark.parametrize("name", names())
def test_the_same_input_gives_the_same_bytes(name: str) -> None:
    assert compiled(name) == compiled(name)
