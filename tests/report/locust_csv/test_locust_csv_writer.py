"""Locust's CSV files of a saved run; tests/e2e compares them with those of Locust's own writer."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.errors import UsageError
from loadtui.report.locust_csv.locust_csv_writer import locust_csv, write_locust_csv
from loadtui.report.locust_csv.locust_stats_entries import LocustStatsEntry, bucket_ms
from loadtui.store.stored_run import Run
from tests.support.stored_runs import Traffic, keep_run


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


@pytest.mark.parametrize(
    ("ms", "bucket"),
    [(0.4, 0), (99.4, 99), (147.0, 150), (3432.0, 3400), (58_760.0, 59_000), (104.9, 100)],
)
def test_buckets(ms: float, bucket: int) -> None:
    assert bucket_ms(ms) == bucket


@given(st.lists(st.integers(0, 20), min_size=1, max_size=60))
def test_percentiles_are_those_of_the_sorted_times(times: list[int]) -> None:
    entry = LocustStatsEntry()
    for time in times:
        entry.add_times(0, time, 1)
    shares = (0.5, 0.75, 0.9, 0.99, 1.0)
    ordered = sorted(times)
    # At most int(n * share) requests lie below the one that is shown.
    expected = [ordered[min(int(len(times) * share), len(times) - 1)] for share in shares]
    values = entry.percentiles(shares)
    assert all(value <= limit for value, limit in zip(values, expected, strict=True))
    assert values[-1] == ordered[-1]
    for share, value in zip(shares, values, strict=True):
        assert sum(time > value for time in times) < len(times) - int(len(times) * share) or (
            value == ordered[-1]
        )


def test_totals(run: Run) -> None:
    files = locust_csv(run)
    rows = read(files["_stats.csv"])
    assert [(row["Type"], row["Name"]) for row in rows] == [
        ("POST", "/v1/chat/completions"),
        ("GET", "/v1/models"),
        ("GET", "/검색 🔎"),
        ("", "Aggregated"),
    ]
    counts = [int(row["Request Count"]) for row in rows]
    assert counts == [1230, 400, 200, 1830]
    assert [int(row["Failure Count"]) for row in rows] == [30, 0, 0, 30]
    assert float(rows[1]["Average Response Time"]) == pytest.approx(4.1)
    assert rows[1]["95%"] == "4"
    assert float(rows[3]["Requests/s"]) == pytest.approx(1830 / 40)
    assert rows[3]["Max Response Time"] == "1310.0"
    failures = read(files["_failures.csv"])
    assert sorted(int(row["Occurrences"]) for row in failures) == [2, 28]
    assert {row["First Seen"] for row in failures} == {
        "2026-11-23T10:15:27Z",
        "2026-11-23T10:15:32Z",
    }
    [exception] = read(files["_exceptions.csv"])
    assert (exception["Count"], exception["Message"]) == ("3", "'choices'")
    assert exception["Traceback"].startswith("Traceback (most recent call last):\n")


def test_the_history_adds_up(run: Run) -> None:
    rows = read(locust_csv(run)["_stats_history.csv"])
    assert {row["Name"] for row in rows} == {"Aggregated"}
    assert len(rows) == 41
    assert [row["50%"] for row in rows[:2]] == ["N/A", "110"]
    totals = [int(row["Total Request Count"]) for row in rows]
    assert totals[0] == 0
    assert totals[1] == 45
    assert totals == sorted(totals)
    assert totals[-1] == 1830
    assert [rows[at]["User Count"] for at in (0, 19, 20, 40)] == ["10", "10", "50", "50"]
    assert rows[30]["Requests/s"] == "45.600000"  # seconds 18 to 27, of which three had 47
    moments = [int(row["Timestamp"]) for row in rows]
    assert moments == list(range(moments[0], moments[0] + 41))


def test_the_full_history_has_the_endpoints(run: Run) -> None:
    rows = read(locust_csv(run, full_history=True)["_stats_history.csv"])
    last = rows[-4:]
    stats = read(locust_csv(run)["_stats.csv"])
    assert [(row["Type"], row["Name"]) for row in last] == [
        (row["Type"], row["Name"]) for row in stats
    ]
    assert [row["Total Request Count"] for row in last] == [row["Request Count"] for row in stats]
    # Percentiles are those of the last ten seconds: the first requests were quicker.
    assert int(last[0]["50%"]) > int(stats[0]["50%"])


def test_a_run_without_requests(tmp_path: Path) -> None:
    run = keep_run(tmp_path / "run", {}, judge=False)
    files = locust_csv(run, full_history=True)
    [total] = read(files["_stats.csv"])
    assert (total["Name"], total["Request Count"], total["50%"]) == ("Aggregated", "0", "N/A")
    assert files["_failures.csv"] == b"Method,Name,Error,Occurrences,First Seen,Last Seen\r\n"


def test_requests_without_a_response_time(tmp_path: Path) -> None:
    run = keep_run(tmp_path / "run", {"WS /a": Traffic(timed=False)}, judge=False)
    row = read(locust_csv(run)["_stats.csv"])[0]
    assert (row["Median Response Time"], row["Max Response Time"], row["50%"]) == ("0", "0.0", "0")


def test_the_folder_is_made_and_names_may_be_anything(tmp_path: Path) -> None:
    run = keep_run(tmp_path / "run", {'GET /a,"b"\n검색': Traffic()}, judge=False)
    written = write_locust_csv(run, str(tmp_path / "new" / "out"))
    assert [path.name for path in written] == [
        "out_stats.csv",
        "out_stats_history.csv",
        "out_failures.csv",
        "out_exceptions.csv",
    ]
    assert read(written[0].read_bytes())[0]["Name"] == '/a,"b"\n검색'
    with pytest.raises(UsageError, match="--csv"):
        write_locust_csv(run, str(tmp_path / "new" / "out_stats.csv" / "x"))
