"""The binomial intervals that the promises are printed with."""

from __future__ import annotations

import pytest

from tests.support.planned_thresholds import interval


def test_the_intervals_are_exact() -> None:
    """Against published values (Newcombe 1998, Statistics in Medicine 17:857, table I)."""
    assert interval(81, 263) == pytest.approx((0.2527, 0.3676), abs=5e-5)
    assert interval(15, 148) == pytest.approx((0.0578, 0.1617), abs=5e-5)
    assert interval(0, 20) == pytest.approx((0.0, 0.1684), abs=5e-5)
    assert interval(1, 29) == pytest.approx((0.0009, 0.1776), abs=5e-5)
    assert interval(29, 29)[1] == 1.0
