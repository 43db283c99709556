"""The laws of the sketch: quantiles within 1 %, merging is adding."""

import math
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.domain.measurement.sketch import bin_of, merge, quantile

VALUES = st.lists(st.floats(min_value=0.001, max_value=1e7, allow_nan=False), min_size=1, max_size=200)


def sketch(values: list[float]) -> dict[int, int]:
    return dict(Counter(bin_of(value) for value in values))


@given(values=VALUES, q=st.floats(min_value=0, max_value=1))
def test_a_quantile_is_within_one_percent_of_the_exact_one(values: list[float], q: float) -> None:
    exact = sorted(values)[max(1, math.ceil(q * len(values))) - 1]
    estimated = quantile(sketch(values), q)
    assert estimated is not None
    assert abs(estimated - exact) <= 0.01 * exact


@given(parts=st.lists(VALUES, min_size=1, max_size=5))
def test_merging_sketches_is_sketching_everything(parts: list[list[float]]) -> None:
    assert merge(sketch(part) for part in parts) == sketch([value for part in parts for value in part])


def test_an_empty_sketch_has_no_quantile() -> None:
    assert quantile({}, 0.5) is None


def test_zero_counts_as_zero() -> None:
    assert quantile(sketch([0.0, 0.0, 5.0]), 0.5) == 0.0
