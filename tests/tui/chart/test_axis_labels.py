"""Numbers beside an axis: short, in the unit that its end asks for."""

from __future__ import annotations

import pytest

from loadtui.tui.chart.axis_labels import axis_latency, axis_plain, axis_rate, axis_users


@pytest.mark.parametrize(
    ("label", "value", "limit", "text"),
    [
        (axis_rate, 250, 1000, "250"),
        (axis_rate, 2500, 10_000, "2.5k"),
        (axis_users, 5, 10, "5"),
        (axis_users, 2.5, 10, ""),
        (axis_latency, 0, 2000, "0"),
        (axis_latency, 250, 500, "250 ms"),
        (axis_latency, 250, 1000, "0.25 s"),
        (axis_plain, 0.5, 1, "0.5"),
        (axis_plain, 5000, 9000, "5000"),
        (axis_plain, 5000, 10_000, "5k"),
        (axis_plain, 5e6, 1e7, "5M"),
        (axis_plain, 5e9, 1e10, "5G"),
    ],
)
def test_labels(label, value, limit, text):
    assert label(value, limit) == text
