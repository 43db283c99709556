"""Which splits nest, why others do not, and which joins may wait for ever."""

import pytest
from hypothesis import given, settings

from orchestrator.compiler.flow.findings import judge_flows
from orchestrator.compiler.flow.regions import Mode, Wait
from orchestrator.compiler.flow.scopes import analyse
from tests.compiler.flow.structured import Block, blocks, draw
from tests.execution.machines.models import node, process


@settings(max_examples=150, deadline=None)
@given(blocks())
def test_block_structured_splits_nest_and_close_at_their_joins(block: Block) -> None:
    model, drawn = draw(block)
    flows = analyse(model)
    assert list(judge_flows(flows)) == []
    found = {
        flow.graph.nodes[region.fork].id: (flow.graph.nodes[region.join].id, region.mode, region.wait)
        for flow in flows.values()
        for region in flow.regions.walk()
    }
    concurrent = {split: join for split, join in drawn.joins.items() if split in found}
    assert {split: join for split, (join, _, _) in found.items()} == concurrent
    assert {(mode, wait) for _, mode, wait in found.values()} <= {(Mode.NATIVE, Wait.SURE)}


@settings(max_examples=100, deadline=None)
@given(blocks())
def test_bodies_are_disjoint_and_entered_from_their_split_only(block: Block) -> None:
    model, _ = draw(block)
    for flow in analyse(model).values():
        for region in flow.regions.walk():
            bodies = [branch.body for branch in region.branches]
            assert sum(map(len, bodies)) == len(region.body())
            inside = region.body() | {region.fork}
            for index in region.body():
                assert all(edge.source in inside for edge in flow.graph.incoming[index])


def _and(*ids: str) -> list:
    return [node("and", id_) for id_ in ids]


def _users(*ids: str) -> list:
    return [node("user", id_) for id_ in ids]


UNSTRUCTURED = {
    "a branch leads back to before the split": (
        [node("start", "s"), node("xor", "m"), *_and("f"), node("xor", "x"), *_users("a", "b"), node("end", "e")],
        ["s > m > f > a > x > e", "x > m", "f > b > e"],
    ),
    "a flow enters a branch from outside": (
        [node("start", "s"), node("xor", "x"), *_and("f", "j"), *_users("a", "b"), node("end", "e")],
        ["s > x > f > a > j > e", "x > b", "f > b > j"],
    ),
    "branches cross before a join that they share": (
        [node("start", "s"), *_and("f", "g", "h", "j1", "j2"), *_users("a", "b"), node("end", "e")],
        ["s > f > g > j1 > a > e", "f > h > j2 > b > e", "g > j2", "h > j1"],
    ),
}


@pytest.mark.parametrize("reason", UNSTRUCTURED)
def test_says_why_a_split_does_not_nest(reason: str) -> None:
    nodes, flows = UNSTRUCTURED[reason]
    analysed = analyse(process(nodes, flows))
    assert reason in {region.reason for flow in analysed.values() for region in flow.regions.walk()}
    assert any(flow.threaded for flow in analysed.values())


def test_an_exclusive_choice_before_a_parallel_join_is_a_deadlock() -> None:
    model = process(
        [node("start", "s"), node("xor", "x"), *_users("a", "b"), *_and("j"), node("end", "e")],
        ["s > x > a > j > e", "x > b > j"],
    )
    assert [(f.code, f.element_id) for f in judge_flows(analyse(model))] == [("DEADLOCK", "j")]


def test_a_branch_that_brings_one_of_two_tokens_is_a_deadlock() -> None:
    model = process(
        [node("start", "s"), *_and("f", "j"), node("xor", "x"), *_users("a", "b", "c"), node("end", "e")],
        ["s > f > x > a > j > e", "x > b > j", "f > c > j"],
    )
    assert [(f.code, f.element_id) for f in judge_flows(analyse(model))] == [("DEADLOCK", "j")]


def test_aborting_ends_are_no_way_past_a_join() -> None:
    from tests.execution.machines.models import terminate_end

    model = process(
        [
            node("start", "s"),
            *_and("f", "j"),
            node("xor", "x"),
            *_users("a", "b"),
            node("end", "e"),
            terminate_end("t"),
        ],
        ["s > f > x > a > j > e", "x > t", "f > b > j"],
    )
    assert list(judge_flows(analyse(model))) == []
