"""Compiled real files complete exactly the flow nodes that independent engines agree on."""

import pytest

from orchestrator.compiler.pipeline import compile_model
from tests.execution.machines.runtime import Answer, Completed, Happened, Json, Machines, Open
from tests.execution.machines.traces import CORPUS, Case, Decisions, agreed_cases, load

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.exists(), reason="the real BPMN files (../shared/bpmn) are not beside the checkout"),
]

#: their error end events, which nothing catches, terminate what runs beside (docs/trace-differences.md)
TERMINATED = {"s044"}


@pytest.mark.parametrize("case", agreed_cases(), ids=str)
def test_completes_what_the_engines_agree_on(engine: Machines, case: Case) -> None:
    compiled = compile_model(load(case))
    errors = {finding.code for finding in compiled.diagnostics if finding.severity == "error"}
    if compiled.definition is None or compiled.catalogue is None:
        pytest.skip(f"not compiled: {sorted(errors)}")
    decisions = Decisions(case)

    def perform(event: Json) -> Answer:
        element = compiled.catalogue.elements[event["element_id"]]
        if element.type in {"boundaryEvent", "startEvent"}:
            return Open()
        if element.type == "eventBasedGateway":
            happens = decisions.happening(element.id)
            waited_for = {subscription["element_id"] for subscription in event["subscriptions"]}
            return Happened(happens) if happens in waited_for else Open()
        # which events happen is a decision of the run, too: the others never come
        if element.type == "intermediateCatchEvent" and element.id not in case.expected:
            return Open()
        return Completed(decisions.decide(element.id))

    run = engine.run(compiled.definition, perform, compensables=compiled.catalogue.compensables)
    done = {id_ for id_ in run.done if not id_.startswith("__")}
    if case.id in TERMINATED:
        assert run.status == "FAILED"
        assert done < case.expected
        return
    # an error end event that nothing catches ends the instance, in whichever thread
    ended = "ABORTED" if any(call["thread"] != "root" for call in run.of("fail")) else "SUCCEEDED"
    assert (run.status, done) == (ended, case.expected), (run.error, run.cause)
