"""Viewers are disposable: killed, hung up on or not reading, they change nothing for the run."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.store import run_lock
from tests.support.project import Project, snapshot
from tests.support.servers import Nginx
from tests.support.viewer import NORMAL_MODES, PYTHON, Viewer

LOCUSTFILE = """
from locust import FastHttpUser, constant, task

class Quick(FastHttpUser):
    wait_time = constant(0.02)

    @task
    def get(self):
        self.client.get("/")
"""
PLAN = """
locustfile = "locustfile.py"
host = "{url}"

[[stage]]
name = "L1"
users = 4
spawn_rate = 100
duration = "{seconds}s"
"""
RUNNING = r"● RUNNING"
SHOWN_S = 2.0
"""Within which a viewer shows the whole run so far, or what is once its terminal reads again."""
ATTEMPTS = 3
"""Tests run beside one another; the best of so many tells how quick it is."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    made = Project(tmp_path / "project")
    made.write("locustfile.py", LOCUSTFILE)
    yield made
    made.close()


def view(project: Project, *arguments: str, size: tuple[int, int] = (80, 24)) -> Viewer:
    return Viewer([PYTHON, "-m", "loadtui", *arguments], project.folder, size=size)


def requests_so_far(folder: Path) -> int:
    return snapshot(folder, lambda _: True).totals.requests


def clock_on(seen: str) -> int:
    """Second of the run that the first line says; -1 for none."""
    found = re.search(r"(\d\d):(\d\d) / ", seen.partition("\n")[0])
    return int(found[1]) * 60 + int(found[2]) if found else -1


def total_on(seen: str) -> int:
    found = re.search(r"^ total\s+(\d[\d ]*\d|\d)\s{2,}", seen, re.MULTILINE)
    return int(found[1].replace(" ", "")) if found else -1


def attached_and_hung_up_on(project: Project, folder: Path) -> float:
    """Seconds from the command to a screen with the whole run so far; then SIGHUP."""
    known, second = requests_so_far(folder), int(snapshot(folder, lambda _: True).elapsed_s)
    began = time.monotonic()
    with view(project, "attach") as viewer:
        viewer.wait_until(
            lambda seen: total_on(seen) >= known and clock_on(seen) >= second, "all of the run"
        )
        took = time.monotonic() - began
        viewer.wait_for(r"00:00 ")  # where the charts begin
        viewer.process.send_signal(signal.SIGHUP)
        viewer.end()
        assert viewer.screen.modes == NORMAL_MODES
        assert viewer.settings == viewer.settings_before
        assert re.search(rf"{folder.name} is still running", viewer.screen.text().replace("\n", ""))
    return took


def does_not_read(viewer: Viewer, folder: Path, seconds: float) -> None:
    """Repaint the whole screen so often that the terminal is full, then read nothing."""
    viewer.press("?\x1b[27u" * 30)
    time.sleep(seconds)
    assert run_lock.is_held(folder)
    expected = int(snapshot(folder, lambda _: True).elapsed_s)
    before = viewer.bytes
    viewer.wait_until(lambda seen: clock_on(seen) >= expected, "what is now", SHOWN_S)
    # Neither all that was to be seen in the meantime.
    assert viewer.bytes - before < 400_000


@pytest.mark.parametrize("unread_s", [3.0, pytest.param(60.0, marks=pytest.mark.soak)])
def test_a_run_and_its_viewers(project: Project, nginx: Nginx, unread_s: float) -> None:
    project.write("plan.toml", PLAN.format(url=nginx.url, seconds=int(unread_s) + 9))
    with view(project, "run", "plan.toml", "--processes", "1") as first:
        folder = project.only_run()
        first.wait_for(RUNNING)
        snapshot(folder, lambda s: s.totals.requests > 20)
        first.process.kill()
        first.process.wait()
    assert run_lock.is_held(folder)

    took = [attached_and_hung_up_on(project, folder)]
    while min(took) > SHOWN_S and len(took) < ATTEMPTS:
        took.append(attached_and_hung_up_on(project, folder))
    assert min(took) <= SHOWN_S
    assert run_lock.is_held(folder)

    with view(project, "attach") as reading, view(project, "attach", size=(300, 80)) as other:
        for viewer in (reading, other):
            viewer.wait_for(RUNNING)
        does_not_read(other, folder, unread_s)
        second = int(snapshot(folder, lambda _: True).elapsed_s)
        reading.wait_until(lambda seen: clock_on(seen) >= second, "what is now")
        for viewer in (reading, other):
            viewer.wait_for("q leaves")
            viewer.press("q")
            said = viewer.end()
            assert "PASS" in said
            assert str(folder) in said
            assert viewer.process.returncode == 0
    totals = project.saved(folder).manifest.totals
    assert totals.requests == nginx.count()
    assert totals.failures == 0
