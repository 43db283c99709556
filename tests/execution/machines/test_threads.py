"""Concurrency that does not nest: regions that run as side threads, compiled and run."""

from tests.compiler.flow.test_regions import UNSTRUCTURED
from tests.execution.machines.models import process
from tests.execution.machines.runtime import Machines
from tests.execution.machines.test_constructs import results, run

CROSSING = UNSTRUCTURED["branches cross before a join that they share"]


def test_crossing_joins_wait_for_a_token_of_each_side(engine: Machines) -> None:
    found = run(engine, process(*CROSSING), results(a={"a": 1}, b={"b": 2}), {"z": 0})
    assert sorted(found.done) == sorted(["s", "f", "g", "h", "j1", "j2", "a", "b", "e", "e"])
    assert found.variables == {"z": 0, "a": 1, "b": 2}
