"""The graph algorithms against their definitions, on random graphs."""

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.compiler.flow.analysis import DominatorTree, on_cycles, postorder, reach, reverse

Graph = list[list[int]]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    size = draw(st.integers(1, 12))
    node = st.integers(0, size - 1)
    return [sorted(draw(st.sets(node, max_size=3))) for _ in range(size)]


@given(graphs())
def test_a_node_dominates_what_cannot_be_reached_without_it(graph: Graph) -> None:
    tree = DominatorTree(graph, 0)
    reachable = reach(graph, 0)
    assert {node for node in range(len(graph)) if node in tree} == reachable
    for node in reachable:
        dominators = {other for other in reachable if node not in reach(graph, 0, {other})}
        chain, above = {node}, node
        while above != tree.parent[above]:
            above = tree.parent[above]
            chain.add(above)
        assert chain == dominators


@given(graphs(), st.data())
def test_the_common_dominator_is_the_nearest_one(graph: Graph, data: st.DataObject) -> None:
    tree = DominatorTree(graph, 0)
    reachable = sorted(reach(graph, 0))
    nodes = data.draw(st.lists(st.sampled_from(reachable), min_size=1, max_size=3))
    common = tree.common(nodes)
    shared = {other for other in reachable if all(node not in reach(graph, 0, {other}) for node in nodes)}
    assert common in shared
    assert all(common not in reach(graph, 0, {other}) for other in shared)


@given(graphs())
def test_a_node_lies_on_a_cycle_if_it_reaches_itself(graph: Graph) -> None:
    expected = {node for node in range(len(graph)) if any(node in reach(graph, target) for target in graph[node])}
    assert on_cycles(graph) == expected


@given(graphs(), st.sets(st.integers(0, 11)))
def test_cycles_within_a_set_stay_in_it(graph: Graph, within: set[int]) -> None:
    inside = {node for node in within if node < len(graph)}
    cut = [
        [target for target in targets if target in inside] if node in inside else []
        for node, targets in enumerate(graph)
    ]
    assert on_cycles(graph, inside) == on_cycles(cut)


@given(graphs())
def test_reversing_twice_changes_nothing(graph: Graph) -> None:
    assert reverse(reverse(graph)) == graph


@given(graphs())
def test_postorder_puts_a_node_after_what_only_it_leads_to(graph: Graph) -> None:
    order = postorder(graph, 0)
    assert sorted(order) == sorted(reach(graph, 0))
    assert order[-1] == 0
