"""Our parser of time spans and Locust's find the same."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from locust.util.timespan import parse_timespan as locusts

from loadtui.plan.locust_timespan import parse_timespan

PIECES = st.sampled_from(["1", "20", "0", "h", "m", "s", "ms", " ", "-", "."])


def seconds(parse: Callable[[str], int], text: str) -> int | None:
    try:
        return parse(text)
    except ValueError:
        return None


@settings(max_examples=500)
@given(st.lists(PIECES, max_size=6).map("".join))
def test_any_text(text: str) -> None:
    assert seconds(parse_timespan, text) == seconds(locusts, text)
