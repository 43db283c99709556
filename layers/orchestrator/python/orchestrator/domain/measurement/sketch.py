"""Quantiles that merge by addition: DDSketch's logarithmic mapping over plain counters.

A sketch is a mapping from bin to count. Bins come from the ddsketch library's mapping, so that any quantile is
within 1 % of a real value (relative accuracy 0.5 %, and the nearest-rank definition of the quantile). Adding two
sketches is adding their counts, which is what a table's ADD does: no sketch is ever read, changed and written back.
"""

import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ddsketch.mapping import LogarithmicMapping

RELATIVE_ACCURACY = 0.005
#: values below are counted as zero (seconds: a tenth of a millisecond)
SMALLEST = 0.0001
#: the bin of values that count as zero
ZERO_BIN = -1_000_000


@cache
def _mapping() -> "LogarithmicMapping":
    from ddsketch.mapping import LogarithmicMapping  # noqa: PLC0415 - slow to import, seldom needed

    return LogarithmicMapping(RELATIVE_ACCURACY)


def bin_of(value: float) -> int:
    """The bin that counts `value` (not negative, in whatever unit the sketch has)."""
    return ZERO_BIN if value < SMALLEST else int(_mapping().key(value))


def value_of(bin_: int) -> float:
    """The value that a bin stands for."""
    return 0.0 if bin_ == ZERO_BIN else float(_mapping().value(bin_))


def merge(sketches: Iterable[Mapping[int, int]]) -> dict[int, int]:
    """The sketch of all values of all sketches."""
    merged: dict[int, int] = {}
    for sketch in sketches:
        for bin_, count in sketch.items():
            merged[bin_] = merged.get(bin_, 0) + count
    return merged


def quantile(sketch: Mapping[int, int], q: float) -> float | None:
    """The q-quantile (0 to 1) by nearest rank, within 1 % of the exact one; None of an empty sketch."""
    total = sum(sketch.values())
    if total == 0:
        return None
    rank = max(1, math.ceil(q * total))
    seen = 0
    for bin_ in sorted(sketch):
        seen += sketch[bin_]
        if seen >= rank:
            return value_of(bin_)
    return value_of(max(sketch))
