"""Locust's time spans; check_locust_timespan compares them with Locust's own parser."""

from __future__ import annotations

import pytest

from loadtui.plan.locust_timespan import parse_timespan


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("20", 20), ("20s", 20), ("3m", 180), ("2h", 7200), ("1h20m", 4800), ("3h30m10s", 12610)],
)
def test_what_locust_documents(text: str, seconds: int) -> None:
    assert parse_timespan(text) == seconds


@pytest.mark.parametrize("text", ["", "5m1h", "1.5s", "250ms", " 3m", "m", "-3"])
def test_nothing_else(text: str) -> None:
    with pytest.raises(ValueError, match=r"Valid formats: 20, 20s, 3m, 2h"):
        parse_timespan(text)
