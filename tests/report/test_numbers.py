from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.report import numbers


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (numbers.count, 1284, "1 284"),
        (numbers.count, 0, "0"),
        (numbers.count, 41022113, "41 022 113"),
        (numbers.rate, 0, "0"),
        (numbers.rate, 0.25, "0.25"),
        (numbers.rate, 84.06, "84.1"),
        (numbers.rate, 999.97, "1 000"),
        (numbers.rate, None, "–"),
        (numbers.latency, 0.84, "0.84 ms"),
        (numbers.latency, 4.06, "4.1 ms"),
        (numbers.latency, 112.4, "112 ms"),
        (numbers.latency, 999.7, "1.00 s"),
        (numbers.latency, 12_440, "12.4 s"),
        (numbers.latency, 59_990, "1 m 00 s"),
        (numbers.latency, 125_000, "2 m 05 s"),
        (numbers.latency, None, "–"),
        (numbers.millis, 9.96, "10"),
        (numbers.millis, 1310, "1 310"),
        (numbers.percent, 0.0, "0 %"),
        (numbers.percent, 0.0042, "0.42 %"),
        (numbers.percent, 0.00001, "<0.01 %"),
        (numbers.percent, 0.9997, "99.9 %"),
        (numbers.percent, 1.0, "100 %"),
        (numbers.percent, 0.41, "41.0 %"),
        (numbers.size, 512, "512 B"),
        (numbers.size, 999.7, "1.0 kB"),
        (numbers.size, 1_840_000, "1.8 MB"),
        (numbers.clock, 372.9, "06:12"),
        (numbers.clock, 3723, "1:02:03"),
        (numbers.clock, -1, "00:00"),
        (numbers.duration, 0.84, "0.8 s"),
        (numbers.duration, 42.2, "42 s"),
        (numbers.duration, 59.7, "1 min"),
        (numbers.duration, 312, "5 min 12 s"),
        (numbers.duration, 3599.8, "1 h 00 min"),
        (numbers.duration, 7500, "2 h 05 min"),
        (numbers.plain, None, "–"),
        (numbers.plain, 0.0, "0"),
        (numbers.plain, 3.0, "3"),
        (numbers.plain, 0.00421, "0.00421"),
        (numbers.plain, 84.06, "84.1"),
        (numbers.plain, 1284.4, "1 284"),
    ],
)
def test_reads_as(write, value, text):
    assert write(value) == text


@given(st.floats(min_value=1e-9, max_value=0.999999))
def test_neither_some_failures_nor_some_successes_are_rounded_away(share):
    assert numbers.percent(share) not in ("0 %", "100 %")


@given(st.floats(min_value=0, max_value=1e7))
def test_latency_is_short_enough_for_a_column(ms):
    assert len(numbers.latency(ms)) <= 10
