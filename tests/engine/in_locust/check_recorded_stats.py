"""What user code logs in Locust's statistics by itself, counted as requests."""

from __future__ import annotations

import time
from typing import Any

import pytest
from locust.stats import RequestStats

from loadtui.engine import recorded_stats as recorded_stats_file
from loadtui.engine.recorded_stats import ERROR_WITHIN_S, RecordedStats


class Noted:
    """The requests that were noted: (name, response time, failure, seconds since the first)."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []
        self.at: list[float] = []

    def __call__(self, given: dict[str, Any], at: float) -> None:
        self.rows.append((given["name"], given.get("response_time"), given.get("exception")))
        self.at.append(at)


@pytest.fixture
def noted() -> Noted:
    return Noted()


@pytest.fixture
def stats(noted: Noted) -> RecordedStats:
    return RecordedStats(noted)


def test_a_request_and_its_error_are_one_failed_request(stats: RecordedStats, noted: Noted) -> None:
    stats.log_request("CUSTOM", "by hand", 12, 3)
    stats.log_error("CUSTOM", "by hand", "it failed")
    stats.log_request("CUSTOM", "by hand", 13, 3)
    stats.log_request("CUSTOM", "other", 14, 3)
    stats.log_error("CUSTOM", "by hand", ValueError("no"))
    stats.settle(final=True)
    assert [(name, ms, str(error)) for name, ms, error in noted.rows] == [
        ("by hand", 12, "it failed"),
        ("by hand", 13, "no"),
        ("other", 14, "None"),
    ]


def test_an_error_without_a_request_is_a_request_without_a_time(
    stats: RecordedStats, noted: Noted
) -> None:
    stats.log_error("CUSTOM", "by hand", None)
    assert noted.rows == [("by hand", None, "None")]


def test_a_request_waits_a_moment_for_its_error(
    stats: RecordedStats, noted: Noted, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock:
        now = time.time()

        @classmethod
        def time(cls) -> float:
            return cls.now

    monkeypatch.setattr(recorded_stats_file, "time", Clock)
    logged = Clock.now
    stats.log_request("CUSTOM", "by hand", 12, 3)
    stats.settle()
    assert noted.rows == []
    Clock.now += ERROR_WITHIN_S
    stats.settle()
    assert noted.rows == [("by hand", 12, None)]
    assert noted.at == [logged], "it is counted when it was logged"


def test_it_counts_as_locusts_own_does(stats: RecordedStats, noted: Noted) -> None:
    locusts = RequestStats()
    for one in (stats, locusts):
        for number in range(10):
            one.log_request("CUSTOM", "by hand", 12, 3)
            if number % 3 == 0:
                one.log_error("CUSTOM", "by hand", "no")
    stats.settle(final=True)
    entry = locusts.get("by hand", "CUSTOM")
    failed = [row for row in noted.rows if row[2] is not None]
    assert (len(noted.rows), len(failed)) == (entry.num_requests, entry.num_failures)


def test_so_does_what_is_logged_in_an_entry(stats: RecordedStats, noted: Noted) -> None:
    stats.clear_all()
    stats.get("by hand", "CUSTOM").log(12, 3)
    stats.entries["by hand", "CUSTOM"].log_error("no")
    assert noted.rows == [("by hand", 12, "no")]


def test_odd_names_raise_nothing(stats: RecordedStats, noted: Noted) -> None:
    odd: Any = ["no", "key"]
    stats.log_request(odd, odd, None, None)
    stats.log_error(odd, odd, {})
    assert noted.rows == [(odd, None, "{}")]
