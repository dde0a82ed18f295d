from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.report.account import formatting


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (formatting.count, 1284, "1 284"),
        (formatting.count, 0, "0"),
        (formatting.count, 41022113, "41 022 113"),
        (formatting.rate, 0, "0"),
        (formatting.rate, 0.25, "0.25"),
        (formatting.rate, 84.06, "84.1"),
        (formatting.rate, 999.97, "1 000"),
        (formatting.rate, None, "–"),
        (formatting.latency, 0.84, "0.84 ms"),
        (formatting.latency, 4.06, "4.1 ms"),
        (formatting.latency, 112.4, "112 ms"),
        (formatting.latency, 999.7, "1.00 s"),
        (formatting.latency, 12_440, "12.4 s"),
        (formatting.latency, 59_990, "1 m 00 s"),
        (formatting.latency, 125_000, "2 m 05 s"),
        (formatting.latency, None, "–"),
        (formatting.millis, 9.96, "10"),
        (formatting.millis, 1310, "1 310"),
        (formatting.percent, 0.0, "0 %"),
        (formatting.percent, 0.0042, "0.42 %"),
        (formatting.percent, 0.00001, "<0.01 %"),
        (formatting.percent, 0.9997, "99.9 %"),
        (formatting.percent, 1.0, "100 %"),
        (formatting.percent, 0.41, "41.0 %"),
        (formatting.size, 512, "512 B"),
        (formatting.size, 999.7, "1.0 kB"),
        (formatting.size, 1_840_000, "1.8 MB"),
        (formatting.clock, 372.9, "06:12"),
        (formatting.clock, 3723, "1:02:03"),
        (formatting.clock, -1, "00:00"),
        (formatting.duration, 0.84, "0.8 s"),
        (formatting.duration, 42.2, "42 s"),
        (formatting.duration, 59.7, "1 min"),
        (formatting.duration, 312, "5 min 12 s"),
        (formatting.duration, 3599.8, "1 h 00 min"),
        (formatting.duration, 7500, "2 h 05 min"),
        (formatting.plain_number, None, "–"),
        (formatting.plain_number, 0.0, "0"),
        (formatting.plain_number, 3.0, "3"),
        (formatting.plain_number, 0.00421, "0.00421"),
        (formatting.plain_number, 84.06, "84.1"),
        (formatting.plain_number, 1284.4, "1 284"),
    ],
)
def test_reads_as(write, value, text):
    assert write(value) == text


@given(st.floats(min_value=1e-9, max_value=0.999999))
def test_neither_some_failures_nor_some_successes_are_rounded_away(share):
    assert formatting.percent(share) not in ("0 %", "100 %")


@given(st.floats(min_value=0, max_value=1e7))
def test_latency_is_short_enough_for_a_column(ms):
    assert len(formatting.latency(ms)) <= 10
