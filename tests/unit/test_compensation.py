"""What is undone, in which order: laws of the decision."""

from dataclasses import dataclass
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.compensation import Completion, Place, compensated, path_of
from orchestrator.domain.ids import TaskId
from orchestrator.domain.side_thread import GroupPlace

PROCESS = Place(element_id="p", thread="root", scope="")


@dataclass(frozen=True)
class Modelled:
    scope: str
    handler: str | None = None


KNOWN = {"a": Modelled("p", "undo_a"), "b": Modelled("p", "undo_b"), "x": Modelled("p"), "c": Modelled("x", "undo_c")}


def completion(element: str, sequence: int, *, scope: str = "", thread: str = "root", **snapshot: object) -> Completion:
    return Completion(
        key=TaskId(f"{sequence}-{element}-{thread}"), thread=thread, scope=scope, element_id=element,
        at=datetime.fromtimestamp(sequence, UTC), sequence=sequence, snapshot=snapshot,
    )  # fmt: skip


def handlers(place: Place, done: list[Completion], undone: tuple[str, ...] = ()) -> list[str]:
    return [due.handler for due in compensated(place, done, undone, KNOWN, lambda _: None)[0]]


completions = st.lists(st.sampled_from(["a", "b"]), max_size=12).map(
    lambda elements: [completion(element, number) for number, element in enumerate(elements)]
)


@given(completions, st.randoms())
def test_the_latest_is_undone_first_whatever_the_order_in_which_it_is_read(done: list[Completion], random) -> None:
    expected = [f"undo_{one.element_id}" for one in reversed(done)]
    shuffled = list(done)
    random.shuffle(shuffled)
    assert handlers(PROCESS, shuffled) == expected


@given(completions, st.sampled_from(["a", "b"]))
def test_what_was_undone_is_not_undone_again(done: list[Completion], activity: str) -> None:
    named = Place(element_id="p", thread="root", scope="", activity=activity)
    first, undone = compensated(named, done, (), KNOWN, lambda _: None)
    second, rest = compensated(PROCESS, done, undone, KNOWN, lambda _: None)
    assert sorted((*undone, *rest)) == sorted(one.key for one in done)
    assert {due.handler for due in first} <= {f"undo_{activity}"}
    assert f"undo_{activity}" not in {due.handler for due in second}


def test_a_sub_process_is_undone_in_its_place_with_its_variables() -> None:
    done = [
        completion("a", 1), completion("c", 2, scope="/x#0", n=2), completion("x", 3, scope="/x#0", m=1),
        completion("b", 4), completion("c", 5, scope="/x#1"),
    ]  # fmt: skip
    due, undone = compensated(PROCESS, done, (), KNOWN, lambda _: None)
    assert [one.handler for one in due] == ["undo_b", "undo_c", "undo_a"]
    assert due[1].variables == {"m": 1, "n": 2}
    assert "5-c-root" not in undone  # its sub-process has not been completed


def test_threads_of_the_scope_belong_to_it_and_others_do_not() -> None:
    groups = {
        "t1": GroupPlace(host="root", scope="/x#0/g#0"),
        "t2": GroupPlace(host="root", scope="/g#0"),
        "t3": GroupPlace(host="root", scope="/g#0"),
    }
    inner = Place(element_id="x", thread="root", scope="/x#0")
    done = [completion("c", 1, scope="/x#0/g#0", thread="t1"), completion("c", 2, scope="/g#0/x#0", thread="t2")]
    due, _ = compensated(inner, done, (), KNOWN, groups.get)
    assert [one.thread for one in due] == ["t1"]
    beside = Place(element_id="x", thread="t3", scope="/g#0/x#0")
    assert compensated(beside, done, (), KNOWN, groups.get)[0] == ()
    whole = Place(element_id="p", thread="t3", scope="")
    assert len(compensated(whole, [completion("a", 1, thread="t2", scope="/g#0")], (), KNOWN, groups.get)[0]) == 1


def test_the_path_of_a_scope_is_found_by_its_element() -> None:
    assert path_of("/x#2[1]/x#0/f#0", "x") == "/x#2[1]"
    assert path_of("/f#0/y#0", "p") == ""
