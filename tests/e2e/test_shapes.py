"""The locustfile's own LoadTestShape drives the run."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.support.command import Outcome, Write, load
from tests.support.fake_host import serverless

pytestmark = pytest.mark.thorough

USERS = """
    class First(ServerlessUser):
        @task
        def hello(self):
            fire(self, "first")

    class Second(ServerlessUser):
        @task
        def hello(self):
            fire(self, "second")
"""
STEPS = """
    class Steps(LoadTestShape):
        def tick(self):
            second = self.get_run_time()
            if second < 1.9:
                return 2, 100
            if second < 3.9:
                return 6, 100
            return None
"""
FOR_EVER = """
    class ForEver(LoadTestShape):
        def tick(self):
            return 2, 100
"""
BY_CLASS = """
    class ByClass(LoadTestShape):
        use_common_options = False

        def tick(self):
            second = self.get_run_time()
            if second < 1.9:
                return 4, 100, [First]
            if second < 3.9:
                return 8, 100, [First, Second]
            return None
"""
RAISES = """
    class Raises(LoadTestShape):
        def tick(self):
            if self.get_run_time() > 0.9:
                raise RuntimeError("no more ideas")
            return 2, 100
"""
READS = """
    class Reads(LoadTestShape):
        def tick(self):
            if self.runner.environment.stats.total.num_requests > 20:
                return None
            return 1 + self.get_current_user_count(), 100
"""


def users(outcome: Outcome) -> list[int]:
    """Users at the end of each second."""
    found: list[int] = outcome.run.timeline()["users"].to_list()
    return found


def test_a_shape_sets_users_and_ends_the_run(project: Path, write: Write) -> None:
    outcome = load(project, write(serverless(USERS + STEPS)))
    document = outcome.document
    assert document["ended_because"] == "the load shape is done"
    assert (document["state"], outcome.quiet_code) == ("finished", 0)
    assert 3.8 < document["duration_s"] < 5.5
    found = users(outcome)
    assert found[1] == 2
    assert found[3] == document["users_max"] == 6


def test_locusts_options_for_the_load_say_nothing_to_a_shape(project: Path, write: Write) -> None:
    outcome = load(project, write(serverless(USERS + STEPS)), "-t", "1s", "-u", "40")
    document = outcome.document
    assert document["ended_because"] == "the load shape is done"
    assert 3.8 < document["duration_s"] < 5.5
    assert document["users_max"] == 6
    [remark] = document["remarks"]
    said = "--users, --run-time have no effect, as in Locust: the load shape Steps decides"
    assert (remark["text"].startswith(said), remark["count"]) == (True, 1)
    assert outcome.stderr.count(said) == 2  # when it starts, and with the result


def test_a_shape_that_names_user_classes(project: Path, write: Write) -> None:
    outcome = load(project, write(serverless(USERS + BY_CLASS)))
    windows = outcome.run.windows()
    names = {n: e.name for n, e in enumerate(outcome.run.manifest.endpoints)}
    began = {
        names[endpoint]: second
        for endpoint, second in windows.group_by("endpoint").agg(pl.col("second").min()).iter_rows()
    }
    assert began["first"] == 0
    assert began["second"] >= 1
    assert outcome.document["users_max"] == 8


def test_a_shape_that_raises_ends_the_run_with_the_reason(project: Path, write: Write) -> None:
    outcome = load(project, write(serverless(USERS + RAISES)))
    document = outcome.document
    assert (outcome.code, document["state"]) == (3, "failed")
    assert "RuntimeError: no more ideas" in document["ended_because"]
    assert any("no more ideas" in reason for reason in document["invalid_reasons"])


def test_a_shape_may_read_the_runner(project: Path, write: Write) -> None:
    outcome = load(project, write(serverless(USERS + READS)), "-t", "20s")
    document = outcome.document
    assert document["ended_because"] == "the load shape is done"
    assert document["totals"]["requests"] > 20
    assert document["users_max"] >= 2


def test_the_stages_of_a_plan_go_before_a_shape(project: Path, write: Write) -> None:
    write(serverless(USERS + FOR_EVER))
    plan = write(
        """
        locustfile = "locustfile.py"
        [[stage]]
        name = "planned"
        users = 3
        spawn_rate = 100
        duration = "2s"
        """,
        "plan.toml",
    )
    document = load(project, plan).document
    assert [stage["name"] for stage in document["stages"]] == ["planned"]
    assert document["users_max"] == 3
