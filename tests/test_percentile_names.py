"""The names of percentiles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.percentile_names import (
    ascending,
    canonical_percentile,
    parse_percentiles,
    percentile_name,
    percentile_share,
)


@pytest.mark.parametrize(
    ("name", "share"),
    [("p95", 0.95), ("p99.9", 0.999), ("p5", 0.05), ("p0.01", 0.0001), ("p99.9999", 0.999999)],
)
def test_a_name_and_its_share(name: str, share: float) -> None:
    assert percentile_share(name) == share
    assert percentile_name(share) == name


@pytest.mark.parametrize(
    "name", ["", "p", "95", "p0", "p0.0", "p100", "p-5", "p9.12345", "P95", "p95 "]
)
def test_what_is_none(name: str) -> None:
    assert percentile_share(name) is None
    assert canonical_percentile(name) is None


@given(st.integers(1, 999_999))
def test_every_percentile_has_one_name(parts: int) -> None:
    name = f"p{parts / 10_000:g}"
    assert canonical_percentile(name) == name
    share = percentile_share(name)
    assert share is not None
    assert percentile_name(share) == name


def test_a_list_is_sorted_and_without_doubles() -> None:
    assert parse_percentiles("99.9, 50,p90, 90.0") == ("p50", "p90", "p99.9")
    assert ascending(["p99.9", "p5", "p50", "p5"]) == ("p5", "p50", "p99.9")


@pytest.mark.parametrize("text", ["", "50,", "0", "100", "p", "50;90", "-5", "fifty"])
def test_a_list_that_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected numbers above 0 and below 100"):
        parse_percentiles(text)
