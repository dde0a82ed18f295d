"""The CSV files of a run against those that Locust's own writer makes of the same run."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from loadtui.report.json.json_schemas import run_schema
from tests.support.command import Write, load
from tests.support.fake_host import serverless

WRITER = """
    import csv
    import gevent

    from locust import stats

    OWN = "locust"
    state = {}

    def save(end, write):
        with open(OWN + end, "w", newline="") as file:
            write(csv.writer(file))

    @events.test_start.add_listener
    def _(environment, **_):
        if isinstance(environment.runner, MasterRunner):
            writer = stats.StatsCSVFileWriter(environment, stats.PERCENTILES_TO_REPORT, OWN, True)
            state["greenlet"] = gevent.spawn(writer.stats_writer)
            state["writer"] = writer

    @events.quitting.add_listener
    def _(environment, **_):
        if "writer" in state:
            # Stopped at any moment it may not have written the last second: all is written again.
            state["greenlet"].kill()
            state["writer"].close_files()
            own = stats.StatsCSV(environment, stats.PERCENTILES_TO_REPORT)
            save("_stats.csv", own.requests_csv)
            save("_failures.csv", own.failures_csv)
            save("_exceptions.csv", own.exceptions_csv)

    class Someone(ServerlessUser):
        def on_start(self):
            self.count = 0

        @task
        def work(self):
            self.count += 1
            fire(self, "/quick", ms=3.4 + self.count % 7)
            fire(self, "/slow | and, odd", "GET", ms=1234.5 + 10 * (self.count % 50))
            if self.count % 5 == 0:
                fire(self, "/failing", ms=250, error=ValueError("no, not | this"))
            if self.count == 20:
                raise KeyError("choices")
"""
LOOSE = {"Requests/s", "Failures/s"}
"""Locust divides by the time from the start to the last report of a worker."""
SEEN = ("First Seen", "Last Seen")
ENDS = ("_stats.csv", "_stats_history.csv", "_failures.csv", "_exceptions.csv")


def read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
        return list(reader.fieldnames or []), rows


def timeless(row: dict[str, str]) -> dict[str, str]:
    return {column: text for column, text in row.items() if column not in SEEN}


def test_columns_and_totals_are_those_of_locusts_own_writer(project: Path, write: Write) -> None:
    file = write(serverless(WRITER))
    (project / "out").mkdir()
    options = ["--csv", "out/ours", "--csv-full-history", "--processes", "2"]
    outcome = load(project, file, "-u", "4", "-r", "100", "-t", "2s", *options)
    own = {end: read(project / f"locust{end}") for end in ENDS}
    ours = {end: read(project / f"out/ours{end}") for end in ENDS}
    assert {end: head for end, (head, _) in ours.items()} == {
        end: head for end, (head, _) in own.items()
    }

    assert len(ours["_stats.csv"][1]) == len(own["_stats.csv"][1]) == 4
    for row, expected in zip(ours["_stats.csv"][1], own["_stats.csv"][1], strict=True):
        assert (row["Type"], row["Name"]) == (expected["Type"], expected["Name"])
        for column in row.keys() - {"Type", "Name"}:
            rel = 0.5 if column in LOOSE else 1e-6
            assert float(row[column]) == pytest.approx(float(expected[column]), rel=rel), column
    requests = outcome.document["totals"]["requests"]
    assert ours["_stats.csv"][1][-1]["Request Count"] == str(requests)
    assert requests > 50

    assert [timeless(row) for row in ours["_failures.csv"][1]] == [
        timeless(row) for row in own["_failures.csv"][1]
    ]
    for row, expected in zip(ours["_failures.csv"][1], own["_failures.csv"][1], strict=True):
        for column in SEEN:  # two clocks, read one after the other and cut to whole seconds
            apart = datetime.fromisoformat(row[column]) - datetime.fromisoformat(expected[column])
            assert abs(apart) <= timedelta(seconds=1), column
    assert [(row["Count"], row["Message"]) for row in ours["_exceptions.csv"][1]] == [
        (row["Count"], row["Message"]) for row in own["_exceptions.csv"][1]
    ]

    last = ours["_stats_history.csv"][1][-4:]
    for row, stats in zip(last, ours["_stats.csv"][1], strict=True):
        assert row["Name"] == stats["Name"]
        assert row["Total Request Count"] == stats["Request Count"]
        assert row["Total Failure Count"] == stats["Failure Count"]
        assert row["Total Median Response Time"] == stats["Median Response Time"]
    users = {row["User Count"] for row in own["_stats_history.csv"][1]}
    assert users & {row["User Count"] for row in ours["_stats_history.csv"][1]} >= {"4"}

    # A document of a real run is what its schema says.
    Draft202012Validator(run_schema()).validate(json.loads(outcome.stdout))
