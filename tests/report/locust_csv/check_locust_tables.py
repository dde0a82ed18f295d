"""Our tables against those that Locust prints of the same requests."""

from __future__ import annotations

import random

import pytest
from locust import stats

from loadtui.report.locust_csv.locust_tables import (
    LOCUST_PERCENTILES,
    WIDEST_NAME,
    LocustError,
    LocustRow,
    error_table,
    name_width,
    percentile_heads,
    percentile_table,
    request_table,
)


def requests() -> stats.RequestStats:
    rng = random.Random(3)
    made = stats.RequestStats()
    for method, name, ms in (
        ("POST", "/a", 120.0), ("GET", "/a", 3.0), ("", "step 2", 9_400.0), ("GET", "/b" * 60, 45),
    ):  # fmt: skip
        for number in range(50):
            made.log_request(method, name, ms * (0.5 + rng.random()), 100)
            if number % 7 == 0 and ms > 100:
                made.log_error(method, name, f"no {number % 2}")
    made.log_request("WS", "/untimed", None, 0)  # type: ignore[arg-type]
    made.log_error("WS", "/only errors", ValueError("never answered"))
    return made


def row(entry: stats.StatsEntry, *, current: bool) -> LocustRow:
    shares = stats.PERCENTILES_TO_REPORT
    return LocustRow(
        entry.method,
        entry.name,
        entry.num_requests,
        entry.num_failures,
        entry.avg_response_time,
        entry.min_response_time or 0,
        entry.max_response_time,
        entry.median_response_time,
        entry.current_rps if current else entry.total_rps,
        entry.current_fail_per_sec if current else entry.total_fail_per_sec,
        [entry.get_response_time_percentile(share) for share in shares]
        if entry.response_times
        else (),
    )


@pytest.mark.parametrize(
    ("width", "shares"), [(80, LOCUST_PERCENTILES), (40, (0.5, 0.95)), (12, (0.999, 0.1, 0.33333))]
)
def test_the_tables_are_locusts(
    width: int, shares: tuple[float, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stats, "STATS_NAME_WIDTH", width)
    monkeypatch.setattr(stats, "PERCENTILES_TO_REPORT", list(shares))
    made = requests()
    rows = [row(entry, current=True) for entry in made.entries.values()]
    total = row(made.total, current=True)
    assert request_table(rows, total, width) == [*stats.get_stats_summary(made), ""]
    assert percentile_table(rows, total, width, shares) == [
        *stats.get_percentile_stats_summary(made),
        "",
    ]
    errors = [
        LocustError(e.method, e.name, e.error if isinstance(e.error, str) else repr(e.error),
                    e.occurrences)
        for e in made.errors.values()
    ]  # fmt: skip
    assert error_table(errors, width) == stats.get_error_report_summary(made)


def test_nothing_happened() -> None:
    made = stats.RequestStats()
    total = row(made.total, current=False)
    summary = [*stats.get_stats_summary(made, current=False), ""]
    assert request_table([], total, stats.STATS_NAME_WIDTH) == summary
    assert percentile_table([], total, stats.STATS_NAME_WIDTH) == [
        *stats.get_percentile_stats_summary(made),
        "",
    ]
    assert error_table([], 80) == []


def test_the_percentiles_are_locusts() -> None:
    assert list(LOCUST_PERCENTILES) == stats.PERCENTILES_TO_REPORT
    assert percentile_heads(LOCUST_PERCENTILES) == stats.get_readable_percentiles(
        stats.PERCENTILES_TO_REPORT
    )


@pytest.mark.parametrize(("columns", "width"), [(None, WIDEST_NAME), (200, 80), (100, 20), (70, 0)])
def test_names_have_the_room_that_the_terminal_leaves(columns: int | None, width: int) -> None:
    assert name_width(columns) == width
