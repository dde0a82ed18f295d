"""How many users of which class run: weights, fixed counts, and counts per class in stages."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.support.command import Outcome, Write, load
from tests.support.fake_host import serverless

pytestmark = pytest.mark.thorough

NAMING = """
    class Naming(ServerlessUser):
        abstract = True

        def on_start(self):
            note(f"start {type(self).__name__}")

        def on_stop(self):
            note(f"stop {type(self).__name__}")

        @task
        def hello(self):
            fire(self, type(self).__name__)
"""
WEIGHTS = """
    class Heavy(Naming):
        weight = 3

    class Light(Naming):
        weight = 1
"""
FIXED = """
    class Fixed(Naming):
        fixed_count = 2

    class Rest(Naming):
        pass
"""
STAGES = """
    locustfile = "locustfile.py"
    [[stage]]
    name = "a"
    users = {Heavy = 1, Light = 5}
    spawn_rate = 100
    duration = "2s"
    [[stage]]
    name = "b"
    users = {Heavy = 5, Light = 1}
    spawn_rate = 100
    duration = "2s"
    [[stage]]
    name = "c"
    users = {Heavy = 0, Light = 2}
    spawn_rate = 100
    duration = "2s"
"""
MIXED_STAGES = """
    locustfile = "locustfile.py"
    [[stage]]
    name = "total"
    users = 8
    spawn_rate = 100
    duration = "2s"
    [[stage]]
    name = "by class"
    users = {Heavy = 1, Light = 3}
    spawn_rate = 100
    duration = "2s"
    [[stage]]
    name = "total again"
    users = 8
    spawn_rate = 100
    duration = "2s"
"""


def started(project: Path) -> Counter[str]:
    """How many users of each class have started."""
    lines = (project / "notes.txt").read_text().splitlines()
    return Counter(line.split()[2] for line in lines if line.split()[1] == "start")


def active(outcome: Outcome, second: int) -> set[str]:
    """Names of the endpoints that were asked in a second."""
    names = outcome.run.manifest.endpoints
    windows = outcome.run.windows()
    rows = windows.filter(windows["second"] == second)
    return {names[endpoint].name for endpoint in rows["endpoint"]}


def test_weights_share_users_out(project: Path, write: Write) -> None:
    file = write(serverless(NAMING + WEIGHTS))
    outcome = load(project, file, "-u", "8", "-r", "100", "-t", "1s", "--processes", "2")
    assert started(project) == {"Heavy": 6, "Light": 2}
    assert outcome.document["users_max"] == 8


def test_a_fixed_count_comes_first(project: Path, write: Write) -> None:
    file = write(serverless(NAMING + FIXED))
    load(project, file, "-u", "5", "-r", "100", "-t", "1s", "--processes", "2")
    assert started(project) == {"Fixed": 2, "Rest": 3}


def test_counts_per_class_go_up_and_down_independently(project: Path, write: Write) -> None:
    write(serverless(NAMING + WEIGHTS))
    outcome = load(project, write(STAGES, "plan.toml"), "--processes", "2")
    users = outcome.run.timeline()["users"].to_list()
    assert [users[second] for second in (1, 3, 5)] == [6, 6, 2]
    # 1 -> 5 -> 0 of one class and 5 -> 1 -> 2 of the other.
    assert started(project) == {"Heavy": 1 + 4, "Light": 5 + 1}
    assert active(outcome, 1) == {"Heavy", "Light"}
    assert active(outcome, 5) == {"Light"}
    by_class = [stage["users_by_class"] for stage in outcome.document["stages"]]
    assert by_class == [
        {"Heavy": 1, "Light": 5},
        {"Heavy": 5, "Light": 1},
        {"Heavy": 0, "Light": 2},
    ]
    assert [stage["users"] for stage in outcome.document["stages"]] == [6, 6, 2]


def test_totals_and_counts_per_class_may_follow_one_another(project: Path, write: Write) -> None:
    write(serverless(NAMING + WEIGHTS))
    outcome = load(project, write(MIXED_STAGES, "plan.toml"), "--processes", "2")
    users = outcome.run.timeline()["users"].to_list()
    assert [users[second] for second in (1, 3, 5)] == [8, 4, 8]
    # 6 and 2 by weight, then 1 and 3, then 6 and 2 again.
    assert started(project) == {"Heavy": 6 + 5, "Light": 2 + 1}
