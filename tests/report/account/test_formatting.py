from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

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
        (formatting.latency, 0.996, "1.0 ms"),
        (formatting.latency, 9.94, "9.9 ms"),
        (formatting.latency, 9.96, "10 ms"),
        (formatting.latency, 99.96, "100 ms"),
        (formatting.latency, 999.6, "1.00 s"),
        (formatting.latency, 9_996, "10.0 s"),
        (formatting.latency, 59_940, "59.9 s"),
        (formatting.latency, 112.4, "112 ms"),
        (formatting.latency, 999.7, "1.00 s"),
        (formatting.latency, 12_440, "12.4 s"),
        (formatting.latency, 59_990, "1 m 00 s"),
        (formatting.latency, 125_000, "2 m 05 s"),
        (formatting.latency, None, "–"),
        (formatting.millis, 0.996, "1.0"),
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
        (formatting.plain_number, 1.24e18, "1.24e+18"),
        (formatting.plain_number, 1.7e308, "1.7e+308"),
        (partial(formatting.in_unit, unit="tokens"), 7.0, "7 tokens"),
        (partial(formatting.in_unit, unit="s"), 1.25, "1.25 s"),
        (partial(formatting.in_unit, unit="ms"), 1250, "1.25 s"),
        (partial(formatting.in_unit, unit=""), 8.4, "8.4"),
        (partial(formatting.in_unit, unit="tokens"), None, "–"),
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


UNITS = {
    "": 1.0,
    "%": 1.0,
    "ms": 1.0,
    "s": 1e3,
    "m": 6e4,
    "min": 6e4,
    "h": 3.6e6,
    "B": 1.0,
    **{f"{letter}B": 1000.0**power for power, letter in enumerate("kMGTP", 1)},
}
PART = re.compile(r"([0-9.]+(?:e[+-][0-9]+)?) ?([a-zA-Z%]*)")


def parts_of(text: str) -> list[tuple[str, str]]:
    """The numbers of a text and their units: `2 m 05 s`, `1 284`."""
    joined = re.sub(r"(?<=[0-9]) (?=[0-9]{3}\b)", "", text.replace("<", ""))
    return PART.findall(joined)


def value_of(text: str) -> float:
    return sum(float(number) * UNITS[unit] for number, unit in parts_of(text))


WRITERS: list[tuple[Callable[[float], str], float]] = [
    (formatting.count, 1e12),
    (formatting.rate, 1e6),
    (formatting.latency, 1e8),
    (formatting.millis, 1e8),
    (formatting.percent, 5.0),
    (formatting.size, 1e17),
    (formatting.duration, 1e6),
    (formatting.plain_number, 1e20),
]


def near_boundaries(highest: float) -> st.SearchStrategy[float]:
    """Numbers of any size, most of them where their text changes its number of digits."""
    decades = st.sampled_from([10.0**power for power in range(-4, 19) if 10.0**power < highest])
    near = st.builds(
        lambda decade, times, off: decade * times * (1 + off),
        decades,
        st.sampled_from([1.0, 0.6, 3.6]),
        st.floats(-0.01, 0.01),
    )
    return st.one_of(near, st.floats(0, highest), st.floats(0, 1000))


@pytest.mark.parametrize(("write", "highest"), WRITERS)
@given(data=st.data())
def test_what_is_more_reads_as_no_less(
    write: Callable[[float], str], highest: float, data: st.DataObject
) -> None:
    values = near_boundaries(highest)
    low, high = sorted((data.draw(values), data.draw(values)))
    assert value_of(write(low)) <= value_of(write(high)) * (1 + 1e-12)


@pytest.mark.parametrize(("write", "highest"), WRITERS)
@given(data=st.data())
def test_a_text_is_its_number_to_half_of_its_last_digit(
    write: Callable[[float], str], highest: float, data: st.DataObject
) -> None:
    value = data.draw(near_boundaries(highest))
    if write in (formatting.percent,) and (0 < value < 0.0001 or 0.999 < value < 1):
        return  # Neither some failures nor some successes are rounded away.
    number, unit = parts_of(write(value))[-1]
    digits = len(number.partition("e")[0].partition(".")[2])
    step = UNITS[unit] * 10.0**-digits
    if "e" in number or write is formatting.plain_number:
        step = max(step, 0.01 * abs(value))
    scale = {formatting.percent: 100.0, formatting.duration: 1000.0}.get(write, 1.0)
    assert abs(value_of(write(value)) - value * scale) <= step / 2 * (1 + 1e-9)


@pytest.mark.parametrize("write", [formatting.latency, formatting.millis, formatting.size])
@given(st.data())
def test_a_larger_number_in_the_same_unit_has_no_more_decimals(
    write: Callable[[float], str], data: st.DataObject
) -> None:
    low, high = sorted((data.draw(near_boundaries(1e5)), data.draw(near_boundaries(1e5))))
    [(small, its_unit), *_], [(large, unit), *_] = parts_of(write(low)), parts_of(write(high))
    if its_unit == unit:
        assert len(small.partition(".")[2]) >= len(large.partition(".")[2])
