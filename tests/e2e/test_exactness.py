"""No request is lost and none is invented: the server's own count is the measure."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.support.command import Outcome, Write, load
from tests.support.servers import Nginx

USERS = """
    from locust import FastHttpUser, HttpUser, constant, task

    class Fast(FastHttpUser):
        wait_time = constant({wait})

        @task(3)
        def index(self):
            self.client.get("/")

        @task
        def form(self):
            self.client.post("/form", data="a=1")

    class Plain(HttpUser):
        wait_time = constant({wait})

        @task(3)
        def index(self):
            self.client.get("/")

        @task
        def missing(self):
            self.client.get("/404")
"""
FLAT_OUT = """
    from locust import FastHttpUser, task

    class Fast(FastHttpUser):
        @task
        def index(self):
            self.client.get("/")
"""
STAGES = """
    locustfile = "locustfile.py"
    user_classes = ["Fast"]
    [[stage]]
    name = "low"
    users = 2
    spawn_rate = 100
    duration = "3s"
    [[stage]]
    name = "high"
    users = 6
    spawn_rate = 100
    duration = "3s"
    [[stage]]
    name = "down"
    users = 1
    spawn_rate = 100
    duration = "3s"
"""


def assert_adds_up(outcome: Outcome) -> None:
    """Totals, endpoints, stages and both tables tell of the same requests."""
    document = outcome.document
    total = document["totals"]
    whole = [row for row in document["endpoints"] if row["stage"] is None]
    by_stage = [row for row in document["endpoints"] if row["stage"] is not None]
    for key in ("requests", "failures", "bytes"):
        assert sum(row[key] for row in whole) == total[key]
        assert sum(row[key] for row in by_stage) == total[key]
        assert sum(stage[key] for stage in document["stages"]) == total[key]
        measured = [stage["measured"][key] for stage in document["stages"]]
        assert sum(measured) == total["measured"][key]
    keys = ["stage", "endpoint", "ok", "second"]
    run = outcome.run
    windows = run.windows().group_by(keys).agg(pl.col("count").sum()).sort(keys)
    samples = run.samples().group_by(keys).agg(pl.col("count").sum()).sort(keys)
    assert windows.equals(samples)
    assert windows["count"].sum() == total["requests"]
    assert run.timeline()["requests"].sum() == total["requests"]
    assert run.timeline()["completed"].sum() == total["requests"]


@pytest.mark.parametrize("user_class", ["Fast", "Plain"])
@pytest.mark.parametrize(
    ("users", "wait"), [pytest.param(1, 0.02, marks=pytest.mark.thorough), (100, 1)]
)
def test_the_server_counted_as_many_requests_as_the_run(
    project: Path, write: Write, nginx: Nginx, user_class: str, users: int, wait: float
) -> None:
    file = write(USERS.format(wait=wait))
    outcome = load(
        project, file, user_class, "-u", f"{users}", "-r", "100", "-t", "3s", "-H", nginx.url
    )
    document = outcome.document
    assert document["totals"]["requests"] == nginx.count() > 40
    assert document["unfinished"] == 0
    assert document["users_max"] == users
    assert_adds_up(outcome)
    endpoints = outcome.endpoints()
    if user_class == "Fast":
        assert set(endpoints) == {"GET /", "POST /form"}
        assert document["totals"]["failures"] == 0
    else:
        assert set(endpoints) == {"GET /", "GET /404"}
        missing = endpoints["GET /404"]
        assert document["totals"]["failures"] == missing["failures"] == missing["requests"]


def test_flat_out_with_two_workers(project: Path, write: Write, nginx: Nginx) -> None:
    outcome = load(
        project,
        write(FLAT_OUT),
        *("-u", "10", "-r", "100", "-t", "3s", "-H", nginx.url, "--processes", "2"),
    )
    document = outcome.document
    assert document["totals"]["requests"] == nginx.count() > 500
    assert document["totals"]["failures"] == 0
    assert document["unfinished"] == 0
    assert [worker["lost"] for worker in document["workers"]] == ["", ""]
    assert_adds_up(outcome)


def test_stages_have_the_users_of_the_plan_and_add_up(
    project: Path, write: Write, nginx: Nginx
) -> None:
    write(USERS.format(wait=0.05))
    outcome = load(project, write(STAGES, "plan.toml"), "-H", nginx.url, "--processes", "2")
    document = outcome.document
    assert document["totals"]["requests"] == nginx.count()
    assert_adds_up(outcome)
    stages = document["stages"]
    assert [(s["name"], s["users"], s["start"]) for s in stages] == [
        ("low", 2, 0),
        ("high", 6, 3),
        ("down", 1, 6),
    ]
    assert all(stage["requests"] > 0 for stage in stages)
    # The last second of a stage: long after its ramp, whatever else the machine is doing.
    users = dict(outcome.run.timeline().select("second", "users").iter_rows())
    assert [users[second] for second in (2, 5, 8)] == [2, 6, 1]
    assert document["users_max"] == 6
