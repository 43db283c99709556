"""The language: data, choices, errors, branches."""

import json

import pytest

from tests.execution.conformance.cases import CASES
from tests.execution.conformance.conftest import Rig


@pytest.mark.parametrize("name", CASES)
def test_case(rig: Rig, name: str) -> None:
    case = CASES[name]
    ended = rig.run(case.definition, case.input)
    if case.error is not None or "output" not in ended:
        assert ended["status"] == "FAILED", ended
        assert ended.get("error") == case.error, ended
        assert case.cause in (None, ended.get("cause"))
    else:
        assert json.loads(ended["output"]) == case.output
