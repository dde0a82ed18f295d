from __future__ import annotations

import pytest

from loadtui.tui.watched.trends import FIRST_TRENDS, ordered_trends, stat_of
from loadtui.verdict.run_summary import MetricValues
from loadtui.wire.messages import MetricRow


def row(name, kind="trend", better="lower", endpoint=None):
    return MetricRow(kind, name, "ms", better, endpoint, MetricValues(), MetricValues())


def test_those_that_people_look_at_first_come_first():
    rows = [row(name) for name in ("a", *reversed(FIRST_TRENDS), "b")]
    assert [trend.name for trend in ordered_trends(rows)] == [*FIRST_TRENDS, "a", "b"]


def test_neither_endpoints_nor_other_metrics_are_among_them():
    over_all = row("a")
    assert ordered_trends([row("a", endpoint="GET /"), row("b", "counter"), over_all]) == [over_all]


@pytest.mark.parametrize(("better", "stat"), [("higher", "p50"), ("lower", "p95")])
def test_the_percentile_is_that_of_the_worse_side(better, stat):
    assert stat_of(row("a", better=better)) == stat
