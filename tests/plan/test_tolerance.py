"""What a tolerance means."""

from __future__ import annotations

import re

import pytest

from loadtui.plan.model import Tolerance
from loadtui.plan.tolerance import tolerance_changes
from loadtui.plan.units import parse_change


@pytest.mark.parametrize(
    ("written", "warn", "fail"),
    [
        ({"metric": "p95", "fail": "+40%", "warn": "+10%"}, "+10%", "+40%"),
        ({"metric": "p95", "fail": "+40%"}, "+20%", "+40%"),
        ({"metric": "p95", "warn": "+10%"}, "+10%", "+50%"),
        ({"metric": "rps", "fail": "-20%"}, "-10%", "-20%"),
        ({"metric": "error_rate", "fail": "+1pp"}, "+0.5pp", "+1pp"),
        ({"metric": "ttft.p95", "fail": "30%"}, "+15%", "+30%"),
        ({"metric": "tokens.p50", "fail": "-30%"}, "-15%", "-30%"),
        ({"metric": "p90", "warn": "+10%"}, "+10%", "+50%"),
        ({"metric": "p99.90", "fail": "+80%"}, "+40%", "+80%"),
        ({"metric": "ttft.p75", "fail": "+30%"}, "+15%", "+30%"),
        ({"metric": "slow", "fail": "+2pp", "warn": "+2pp"}, "+2pp", "+2pp"),
    ],
)
def test_what_is_not_written(written: dict[str, str], warn: str, fail: str) -> None:
    assert tolerance_changes(Tolerance(**written)) == (parse_change(warn), parse_change(fail))


def test_a_custom_metric_with_a_warning_alone_is_not_judged() -> None:
    assert tolerance_changes(Tolerance("ttft.p95", warn="+10%")) is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"metric": "p95", "fail": "-50%"}, 'such as "+50%"'),
        ({"metric": "p95", "fail": "+0%"}, 'such as "+50%"'),
        ({"metric": "rps", "fail": "+30%"}, 'such as "-30%"'),
        ({"metric": "rps", "fail": "-100%"}, "less than all of it"),
        ({"metric": "p95", "fail": "+5pp"}, "a share of p95"),
        ({"metric": "error_rate", "fail": "+50%"}, "percentage points"),
        ({"metric": "max", "fail": "+50%"}, "max is not compared"),
        ({"metric": "ttft.mean", "fail": "+50%"}, "ttft.mean is not compared"),
        ({"metric": "p95", "fail": "+20%", "warn": "+30%"}, "warned first"),
        ({"metric": "p95", "fail": "+20%", "warn": "-10%"}, "warned first"),
        ({"metric": "slow", "fail": "+2pp", "warn": "+2%"}, "both in"),
    ],
)
def test_nonsense(written: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        tolerance_changes(Tolerance(**written))
