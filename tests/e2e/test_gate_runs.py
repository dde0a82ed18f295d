"""A target twice as slow, and every way to run its plan that might let it pass.

What is done to saved runs stands in tests/verdict/test_gate.py; here the runs are real.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from loadtui.errors import UsageError
from loadtui.store.manifest_file import read_manifest
from tests.support.command import Outcome, Running, command
from tests.support.servers import TimedServer
from tests.support.waiting import wait_until

LOCUSTFILE = """
    import os
    from locust import FastHttpUser, constant, events, tag, task

    @events.init_command_line_parser.add_listener
    def arguments(parser):
        parser.add_argument("--size", type=int, default=1)

    class Someone(FastHttpUser):
        wait_time = constant(float(os.environ.get("WAIT", "0.02")))
        asked = 0

        @tag("ask")
        @task
        def ask(self):
            self.client.get("/", name=os.environ.get("NAME", "/"))
            Someone.asked += 1
            if Someone.asked >= int(os.environ.get("QUIT_AFTER", "1000000")):
                self.environment.runner.quit()

        @tag("other")
        @task
        def other(self):
            self.client.get("/", name="/other")
"""
PLAN = """
    locustfile = "locustfile.py"
    host = "{host}"
    [[stage]]
    name = "steady"
    users = 4
    spawn_rate = 4
    duration = "5s"
    [[tolerance]]
    metric = "p95"
    endpoint = "GET /"
    fail = "+50%"
"""
SAYS_SO = re.compile(
    r"not compar|inconclusive|undecided|not decided|only in the base|no baseline", re.IGNORECASE
)
SHORT_OF_CPU = "the load generator was the bottleneck"


@dataclass
class Project:
    """A plan with a baseline of a quick target, and a target that takes twice as long."""

    folder: Path
    slow: str

    def run(
        self,
        *args: str,
        plan: str = "scenarios/api.toml",
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Outcome:
        return command(cwd or self.folder, *self.arguments(*args, plan=plan), env=env)

    def arguments(self, *args: str, plan: str = "scenarios/api.toml") -> list[str]:
        processes = [] if "--processes" in args else ["--processes", "1"]
        return ["run", plan, "--no-ui", "-q", "-H", self.slow, *processes, *args]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("gate")
    (folder / "pyproject.toml").write_text("[tool.loadtui]\n")
    scenarios = folder / "scenarios"
    scenarios.mkdir()
    with (
        TimedServer(median_s=0.02, sigma=0.2) as quick,
        TimedServer(median_s=0.04, sigma=0.2) as slow,
    ):
        (scenarios / "locustfile.py").write_text(dedent(LOCUSTFILE))
        (scenarios / "api.toml").write_text(dedent(PLAN).format(host=quick.url))
        made = Project(folder, slow.url)
        first = made.run("-H", quick.url, "--no-baseline")
        if SHORT_OF_CPU in first.stdout:
            pytest.skip("this machine has no time for the run of the baseline")
        assert first.code == 0, first.stdout + first.stderr
        promoted = command(folder, "baseline", "promote", "latest")
        assert promoted.code == 0, promoted.stderr
        yield made


Way = Callable[[Project], Outcome]


def as_it_is(project: Project) -> Outcome:
    return project.run()


def from_another_folder(project: Project) -> Outcome:
    elsewhere = project.folder.parent / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    return project.run(plan=str(project.folder / "scenarios" / "api.toml"), cwd=elsewhere)


def with_the_stock_clients(project: Project) -> Outcome:
    return project.run("--stock-http")


def with_two_workers(project: Project) -> Outcome:
    return project.run("--processes", "2")


def with_a_promise_that_holds(project: Project) -> Outcome:
    return project.run("--check", "error_rate < 50%")


def with_the_endpoint_renamed(project: Project) -> Outcome:
    return project.run(env={"NAME": "/renamed"})


def with_hardly_a_request(project: Project) -> Outcome:
    return project.run(env={"WAIT": "1.5"})


def that_quits_early(project: Project) -> Outcome:
    return project.run(env={"QUIT_AFTER": "20"})


def in_half_the_time(project: Project) -> Outcome:
    return project.run("--time-scale", "0.6")


def with_another_argument(project: Project) -> Outcome:
    return project.run("--", "--size", "3")


def with_fewer_tasks(project: Project) -> Outcome:
    return project.run("-T", "ask")


def without_its_baseline(project: Project) -> Outcome:
    return project.run("--no-baseline")


def with_no_baseline_there(project: Project) -> Outcome:
    empty = project.folder.parent / "empty"
    empty.mkdir(exist_ok=True)
    return project.run(env={"LOADTUI_BASELINES": str(empty)})


def under_another_name(project: Project) -> Outcome:
    scenarios = project.folder / "scenarios"
    shutil.copy(scenarios / "api.toml", scenarios / "api2.toml")
    return project.run(plan="scenarios/api2.toml")


def as_a_bare_locustfile(project: Project) -> Outcome:
    load = ("-u", "4", "-r", "4", "-t", "4s")
    return project.run(*load, plan="scenarios/locustfile.py")


def with_users_changed_by_hand(project: Project) -> Outcome:
    with Running(project.folder, *project.arguments()) as running:
        folder = running_folder(project)
        steered = command(project.folder, "users", folder.name, "2")
        assert steered.code == 0, steered.stderr
        return running.wait()


def ended_by_ctrl_c(project: Project) -> Outcome:
    with Running(project.folder, *project.arguments()) as running:
        running_folder(project)
        running.send(signal.SIGINT)
        return running.wait()


def running_folder(project: Project) -> Path:
    """The folder of the one run that is running."""

    def look() -> Path | None:
        runs = project.folder / ".loadtui" / "runs"
        for folder in sorted(runs.iterdir(), reverse=True):
            with contextlib.suppress(OSError, ValueError, UsageError):
                if read_manifest(folder).state == "running":
                    return folder
        return None

    return wait_until(look, "a running run", 30.0)


WAYS: tuple[Way, ...] = (
    as_it_is,
    from_another_folder,
    with_the_stock_clients,
    with_two_workers,
    with_a_promise_that_holds,
    with_the_endpoint_renamed,
    with_hardly_a_request,
    that_quits_early,
    in_half_the_time,
    with_another_argument,
    with_fewer_tasks,
    without_its_baseline,
    with_no_baseline_there,
    under_another_name,
    as_a_bare_locustfile,
    with_users_changed_by_hand,
    ended_by_ctrl_c,
)
FAILING = {
    as_it_is,
    from_another_folder,
    with_the_stock_clients,
    with_two_workers,
    with_a_promise_that_holds,
    with_the_endpoint_renamed,
    that_quits_early,
}
"""Ways that end with 1, but for a machine that is too busy to measure."""


MOST_USED = (as_it_is,)


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(way, id=way.__name__, marks=() if way in MOST_USED else pytest.mark.thorough)
        for way in WAYS
    ],
)
def test_nothing_passes_in_silence(way: Way, project: Project) -> None:
    outcome = way(project)
    printed = outcome.stdout + outcome.stderr
    if way in FAILING:
        assert outcome.code == (3 if SHORT_OF_CPU in printed else 1), printed
    assert outcome.code != 0 or SAYS_SO.search(printed), printed
