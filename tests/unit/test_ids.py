"""Ids: deterministic where the record needs it, and readable back."""

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.ids import execution_name, instance_id, instance_of, task_id

ULID = st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=26, max_size=26)
entries = st.tuples(ULID, st.text(), st.text(), st.text(min_size=1), st.integers(0, 10_000))


def made(entry):
    ulid, thread, scope, element, occurrence = entry
    return task_id(instance_id(ulid), thread=thread, scope=scope, element_id=element, occurrence=occurrence)


@given(entries)
def test_a_task_id_names_its_instance(entry) -> None:
    assert instance_of(made(entry)) == instance_id(entry[0])


@given(entries, entries)
def test_only_the_same_entry_has_the_same_id(one, other) -> None:
    assert (made(one) == made(other)) == (one == other)


@given(st.text())
def test_other_texts_name_no_instance(text: str) -> None:
    assert instance_of(text) is None


def test_execution_names() -> None:
    instance = instance_id("0" * 26)
    assert execution_name(instance, run=1) == instance
    assert execution_name(instance, run=3) == f"{instance}.3"
    assert execution_name(instance, run=2, thread="t-1") == f"{instance}.t-1.2"
    assert len(execution_name(instance, run=99, thread="x" * 30)) <= 80
