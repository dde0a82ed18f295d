"""Values and changes of a comparison, as people read them."""

from __future__ import annotations

import math
from typing import Any

import pytest

from loadtui.report.account.comparison_formatting import change_text, interval_text, value_text
from loadtui.samples.estimate import COUNTER, ERROR_RATE, RPS, Quantity, trend_quantity
from loadtui.store.comparison import ComparisonRow


def row(scale: str, **fields: Any) -> ComparisonRow:
    return ComparisonRow("L1", "", "metric", "unchanged", "pass", scale, **fields)


@pytest.mark.parametrize(
    ("quantity", "number", "text"),
    [
        (Quantity("log", percentile=0.95, unit="ms"), 112.0, "112 ms"),
        (RPS, 84.12, "84.1/s"),
        (ERROR_RATE, 0.0042, "0.42 %"),
        (COUNTER, 3.0, "3"),
        (trend_quantity("p50", "tokens", "higher"), 12.0, "12 tokens"),
        (trend_quantity("p50", "", "higher"), 12.0, "12"),
        (RPS, None, "–"),
    ],
)
def test_values(quantity: Quantity, number: float | None, text: str) -> None:
    assert value_text(quantity, number) == text


@pytest.mark.parametrize(
    ("scale", "change", "text"),
    [
        ("log", math.log(1.31), "+31 %"),
        ("log", math.log(0.97), "-3.0 %"),
        ("fraction", -0.0042, "-0.42 pp"),
        ("fraction", 0.31, "+31.0 pp"),
        ("log", 0.0, "0.0 %"),
    ],
)
def test_changes(scale: str, change: float, text: str) -> None:
    assert change_text(row(scale, change=change)) == text


def test_a_counter_moves_by_a_number_and_the_unknown_by_a_dash() -> None:
    assert change_text(row("count", base=3.0, current=1203.0)) == "+1 200"
    assert change_text(row("count", base=3.0, current=1.0)) == "-2"
    assert change_text(row("count", base=3.0)) == change_text(row("log")) == "–"


def test_an_interval_has_its_lower_end_first() -> None:
    assert interval_text(row("log", low=math.log(1.53), high=math.log(1.12))) == "+12 % to +53 %"
    assert interval_text(row("log", low=0.1)) == ""
