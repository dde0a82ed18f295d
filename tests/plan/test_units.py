from __future__ import annotations

import contextlib
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.plan.units import (
    WrittenChange,
    format_duration,
    parse_change,
    parse_duration,
    parse_percent,
    parse_share,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5m", 300),
        ("1.5s", 1.5),
        ("250ms", 0.25),
        ("1h30m", 5400),
        ("1d", 86400),
        ("500us", 0.0005),
        ("90", 90),
        (" 2m30s ", 150),
        (".5s", 0.5),
        (300, 300),
        (0.5, 0.5),
    ],
)
def test_durations(text: str | float, seconds: float) -> None:
    assert parse_duration(text) == pytest.approx(seconds, rel=1e-12)


@pytest.mark.parametrize(
    "text",
    ["", "m", "5 m", "5x", "-5s", "1s1h", "5m5m", "1e3s", "inf", "nan", "٣s", "9" * 400, -1, True],
)
def test_no_durations(text: str | float) -> None:
    with pytest.raises(ValueError, match="expected a duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(90, "1m30s"), (5400, "1h30m"), (0.25, "250ms"), (1.5, "1.5s"), (0, "0s"), (3600.5, "1h0.5s")],
)
def test_formats_durations(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@given(st.integers(min_value=0, max_value=10**13))
def test_duration_round_trip_to_a_microsecond(micros: int) -> None:
    seconds = micros / 1e6
    assert parse_duration(format_duration(seconds)) == pytest.approx(seconds, abs=5e-7)


@pytest.mark.parametrize(
    ("text", "share"), [("5%", 0.05), (" 0.05 ", 0.05), ("0", 0), ("100%", 1), ("0.999", 0.999)]
)
def test_shares(text: str, share: float) -> None:
    assert parse_share(text) == pytest.approx(share)


@pytest.mark.parametrize("text", ["1", "1.0", "5", "101%", "-1%", "-0.1", "nan", "inf", "", "x"])
def test_no_shares(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f'found "{text}"') + ".*1%"):
        parse_share(text)


@given(st.text(max_size=8))
def test_duration_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert 0 <= parse_duration(text) < math.inf


def test_percent() -> None:
    assert parse_percent("0.1%") == pytest.approx(0.001)
    assert parse_percent("100 %") == 1
    for bad in ("1", "-1%", "%", "1pp"):
        with pytest.raises(ValueError, match="expected a percentage"):
            parse_percent(bad)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("+50%", WrittenChange(0.5)),
        ("50%", WrittenChange(0.5)),
        ("-30%", WrittenChange(-0.3)),
        ("0.5pp", WrittenChange(0.005, points=True)),
        ("-1 pp", WrittenChange(-0.01, points=True)),
    ],
)
def test_changes(text: str, change: WrittenChange) -> None:
    assert parse_change(text) == change


@pytest.mark.parametrize("text", ["", "50", "+%", "++5%", "5 percent", "-101%", "1e2%"])
def test_no_changes(text: str) -> None:
    with pytest.raises(ValueError, match="expected a "):
        parse_change(text)


@given(st.integers(min_value=-1_000_000, max_value=10_000_000), st.booleans())
def test_change_round_trip(hundredths: int, points: bool) -> None:
    change = WrittenChange(hundredths / 100 / 10_000, points)
    assert parse_change(str(change)).amount == pytest.approx(change.amount, abs=1e-12)
    assert parse_change(str(change)).points == points
