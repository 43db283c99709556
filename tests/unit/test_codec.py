"""What is stored is what was there, whatever it was."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.adapters.dynamodb.attributes import marshal, unmarshal
from orchestrator.adapters.dynamodb.codec import decode, encode, instant
from orchestrator.domain.assignment import AgentType, Assignee
from orchestrator.domain.definition import Version
from orchestrator.domain.documents import JsonObject
from orchestrator.domain.retry import RetryPolicy

milliseconds = st.integers(int(-1e12), int(7e12))
moments = milliseconds.map(lambda number: datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=number))
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
documents = st.dictionaries(
    st.text(), st.recursive(st.none() | st.booleans() | numbers | st.text(), st.lists, max_leaves=5)
)
assignees = st.builds(Assignee, agent_type=st.sampled_from(AgentType), agent_id=st.none() | st.text())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    text: str
    flag: bool
    count: int
    ratio: float
    moment: datetime
    version: Version
    document: JsonObject
    maybe: Assignee | None
    many: tuple[Assignee, ...]
    named: dict[str, Assignee] = field(default_factory=dict)
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    documents: tuple[JsonObject, ...] = ()


samples = st.builds(
    Sample,
    text=st.text(),
    flag=st.booleans(),
    count=st.integers(-(10**30), 10**30),
    ratio=st.floats(allow_nan=False, allow_infinity=False),
    moment=moments,
    version=st.builds(Version, st.integers(0, 99999), st.integers(0, 99), st.integers(0, 99)),
    document=documents,
    maybe=st.none() | assignees,
    many=st.lists(assignees, max_size=3).map(tuple),
    named=st.dictionaries(st.text(), assignees, max_size=2),
    documents=st.lists(documents, max_size=2).map(tuple),
)


@given(samples)
def test_an_entity_comes_back_as_it_was_stored(sample: Sample) -> None:
    stored = marshal(encode(sample))
    json.dumps(stored)  # only what DynamoDB's JSON protocol can carry
    assert decode(Sample, unmarshal(stored)) == sample


@given(documents)
def test_callers_numbers_survive_exactly(document: dict[str, Any]) -> None:
    from orchestrator.adapters.dynamodb.codec import to_text

    assert json.loads(to_text(document)) == document


def test_times_are_utc_with_milliseconds() -> None:
    there = timezone(timedelta(hours=2))
    assert instant(datetime(2026, 1, 15, 12, 0, tzinfo=there)) == "2026-01-15T10:00:00.000Z"


@given(moments, moments)
def test_times_sort_as_texts(one: datetime, other: datetime) -> None:
    assert (instant(one) < instant(other)) == (one < other)
