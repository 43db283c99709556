"""Random blocks, loops, cycles and nested scopes with error boundary events complete what a walk of them does."""

from collections import Counter

from hypothesis import HealthCheck, assume, given, settings

from orchestrator.compiler.pipeline import compile_model
from tests.execution.machines.runtime import Machines
from tests.execution.machines.structures import Block, completed, process_of, structures
from tests.execution.machines.test_constructs import assert_estimated


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(structures())
def test_a_machine_completes_what_a_walk_of_the_blocks_does(engine: Machines, block: Block) -> None:
    expected, variables = completed(block)
    assume(sum(expected.values()) < 300)
    model, given_variables = process_of(block)
    compiled = compile_model(model)
    assert compiled.definition is not None, compiled.diagnostics
    run = engine.run(compiled.definition, variables=given_variables, seconds=20)
    assert run.status == "SUCCEEDED", (run.error, run.cause)
    assert not run.of("incident")
    assert Counter(run.done) == expected
    assert run.variables == variables
    assert_estimated(compiled, run)
