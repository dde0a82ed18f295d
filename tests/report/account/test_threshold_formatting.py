"""A threshold's value reads in the unit of its check."""

from __future__ import annotations

import math

import pytest

from loadtui.report.account.threshold_formatting import threshold_value
from loadtui.store.manifest import ThresholdResult


@pytest.mark.parametrize(
    ("check", "value", "text"),
    [
        ("p95 < 2s", 1310.0, "1.31 s"),
        ("p95 < 2s", 84.1, "84 ms"),
        ("error_rate < 1%", 0.0042, "0.42 %"),
        ("rps > 50", 84.12, "84.1/s"),
        ("violations == 0", 3.0, "3"),
        ("exceptions in under half of the requests", 0.5, "50.0 %"),
        ("p95 < 2s", None, "–"),
        ("p95 < 2s", math.inf, "–"),
        ("p95 < 2s", math.nan, "–"),
    ],
)
def test_values(check: str, value: float | None, text: str) -> None:
    result = ThresholdResult(check, stage=None, endpoint=None, value=value, status="pass")
    assert threshold_value(result) == text
