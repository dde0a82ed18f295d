from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from loadtui.samples.packed_metric import PackedMetric
from loadtui.samples.tallies import MetricTally
from loadtui.samples.trend_bins import TrendSums, trend_bin_of

VALUES = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(VALUES, max_size=50), st.integers(0, 1 << 50), st.integers(0, 1 << 50))
def test_nothing_is_lost(values: list[float], count: int, hits: int) -> None:
    tally = MetricTally()
    tally.add(count, hits)
    for value in values:
        tally.add(1, bin_=trend_bin_of(value), values=TrendSums(value, value, value))
    back = PackedMetric.of(tally).unpacked()
    assert (back.count, back.hits, back.bins) == (tally.count, tally.hits, tally.bins)
    assert back.percentiles((0.5, 0.95)) == tally.percentiles((0.5, 0.95))
