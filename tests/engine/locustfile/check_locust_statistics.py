"""What a locustfile sets in `locust.stats`."""

from __future__ import annotations

import pytest
from locust import stats

from loadtui.engine.locustfile.locust_statistics import STOCK, statistics_set
from loadtui.store.manifest import LocustStatistics


def test_nothing() -> None:
    assert statistics_set() is None
    assert len(STOCK.percentiles) == 11
    assert STOCK.table_every_s == 2.0


def test_percentiles_and_the_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stats, "PERCENTILES_TO_REPORT", [0.5, 1, 0.999])
    assert statistics_set() == LocustStatistics([0.5, 1.0, 0.999])
    monkeypatch.setattr(stats, "CONSOLE_STATS_INTERVAL_SEC", 30)
    assert statistics_set() == LocustStatistics([0.5, 1.0, 0.999], 30.0)


@pytest.mark.parametrize("wrong", [None, "all", [2, -1, "x"], []])
def test_what_makes_no_sense(wrong: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stats, "PERCENTILES_TO_REPORT", wrong)
    monkeypatch.setattr(stats, "CONSOLE_STATS_INTERVAL_SEC", wrong)
    assert statistics_set() is None
