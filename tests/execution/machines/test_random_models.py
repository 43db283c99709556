"""Random models against the token game: whatever runs completes the same, and what would hang says so."""

from random import Random

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from orchestrator.compiler.bpmn.model import ElementId, FlowNode, ProcessModel, Scope, SequenceFlow, SourceExpression
from orchestrator.compiler.pipeline import compile_model
from tests.execution.machines.models import node
from tests.execution.machines.runtime import Machines
from tests.execution.machines.test_constructs import assert_estimated
from tests.execution.machines.token_game import Game, Played

SCHEDULES = 8


@st.composite
def acyclic(draw: st.DrawFn) -> tuple[ProcessModel, dict[str, bool]]:
    """Any acyclic graph of gateways and tasks, with the truth of each condition in it."""
    size = draw(st.integers(3, 9))
    kinds = [draw(st.sampled_from(["and", "and", "xor", "or", "user"])) for _ in range(size)]
    edges = [(draw(st.integers(max(0, target - 4), target - 1)), target) for target in range(1, size)]
    for source, kind in enumerate(kinds[:-1]):
        if kind != "user":
            edges += [(source, target) for target in draw(st.lists(st.integers(source + 1, size - 1), max_size=2))]
    return _model(kinds, sorted(set(edges)), draw)


def _model(kinds: list[str], edges: list[tuple[int, int]], draw: st.DrawFn) -> tuple[ProcessModel, dict[str, bool]]:
    nodes: list[FlowNode] = [node("start", "s"), node("end", "e")]
    flows = [_flow("s", "n0")]
    variables: dict[str, bool] = {}
    for source, kind in enumerate(kinds):
        targets = [f"n{target}" for first, target in edges if first == source] or ["e"]
        guarded = targets[:-1] if kind in {"xor", "or"} else []
        names = [f"c{source}_{target}" for target in guarded]
        variables |= {name: draw(st.booleans()) for name in names}
        out = [_flow(f"n{source}", target, name) for target, name in zip(guarded, names, strict=True)]
        out += [_flow(f"n{source}", target) for target in targets[len(guarded) :]]
        default = out[-1].id if guarded else None
        nodes.append(node(kind, f"n{source}", default_flow=default))
        flows += out
    scope = Scope(ElementId("process"), tuple(nodes), tuple(flows))
    return ProcessModel(ElementId("process"), None, scope), variables


def _flow(source: str, target: str, variable: str | None = None) -> SequenceFlow:
    condition = None if variable is None else SourceExpression(f"={variable}")
    return SequenceFlow(ElementId(f"{source}-{target}"), ElementId(source), ElementId(target), condition)


def shown(model: ProcessModel) -> str:
    kinds = " ".join(f"{one.id}:{one.type}" for one in model.scope.nodes)
    return kinds + " | " + " ".join(f"{flow.id}{'?' if flow.condition else ''}" for flow in model.scope.flows)


def played(model: ProcessModel, variables: dict[str, bool]) -> Played:
    """What the token game comes to, if that does not depend on the schedule."""
    game = Game(model, variables)
    found = [game.play(Random(seed)) for seed in range(SCHEDULES)]
    first = found[0]
    assume(first is not None)
    assert first is not None
    assume(all(one == first for one in found))
    assume(sum(first.done.values()) < 60)
    return first


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(acyclic())
def test_a_machine_completes_what_the_token_game_does(
    engine: Machines, drawn: tuple[ProcessModel, dict[str, bool]]
) -> None:
    model, variables = drawn
    expected = played(model, variables)
    compiled = compile_model(model)
    if compiled.definition is None:
        assert {found.code for found in compiled.diagnostics if found.severity == "error"} <= {"DEADLOCK"}
        return
    run = engine.run(compiled.definition, variables=variables, seconds=10)
    assert run.status == "SUCCEEDED", (run.error, run.cause)
    incidents = {call["element_id"] for call in run.of("incident")}
    if expected.waiting:
        assert incidents, (shown(model), variables, expected)
    else:
        assert not incidents, (shown(model), variables)
        assert_estimated(compiled, run)
        done = {id_: run.done.count(id_) for id_ in set(run.done)}
        assert done == dict(expected.done), (shown(model), variables)
