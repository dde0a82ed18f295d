"""Viewers are disposable: killed, hung up on or not reading, they change nothing for the run."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.store import run_lock
from loadtui.verdict.exit_codes import stored_exit_code
from tests.support.project import Project, snapshot
from tests.support.servers import Nginx
from tests.support.viewer import NORMAL_MODES, PYTHON, Viewer

ENOUGH = "enough"
"""Once a file of this name is there, the run ends by itself."""
LOCUSTFILE = f"""
import os
import gevent
from locust import FastHttpUser, constant, events, task
from locust.runners import MasterRunner

@events.init.add_listener
def end_when_told(environment, **kwargs):
    def wait():
        while not os.path.exists("{ENOUGH}"):
            gevent.sleep(0.1)
        environment.runner.quit()
    if isinstance(environment.runner, MasterRunner):
        gevent.spawn(wait)

class Quick(FastHttpUser):
    wait_time = constant(0.02)

    @task
    def get(self):
        self.client.get("/")
"""
LOAD = ("-f", "locustfile.py", "-u", "4", "-r", "100", "-t", "10m", "--processes", "1")
RUNNING = r"● RUNNING"


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


def attached_and_hung_up_on(project: Project, folder: Path) -> None:
    """A screen with the whole run so far; then SIGHUP."""
    known, second = requests_so_far(folder), int(snapshot(folder, lambda _: True).elapsed_s)
    with view(project, "attach") as viewer:
        viewer.wait_until(
            lambda seen: total_on(seen) >= known and clock_on(seen) >= second, "all of the run"
        )
        viewer.wait_for(r"00:00 ")  # where the charts begin
        viewer.process.send_signal(signal.SIGHUP)
        viewer.end()
        assert viewer.screen.modes == NORMAL_MODES
        assert viewer.settings == viewer.settings_before
        assert re.search(rf"{folder.name} is still running", viewer.screen.text().replace("\n", ""))


def does_not_read(viewer: Viewer, folder: Path, seconds: float) -> None:
    """Repaint the whole screen so often that the terminal is full, then read nothing."""
    viewer.press("?\x1b[27u" * 30)
    time.sleep(seconds)
    assert run_lock.is_held(folder)
    expected = int(snapshot(folder, lambda _: True).elapsed_s)
    before = viewer.bytes
    viewer.wait_until(lambda seen: clock_on(seen) >= expected, "what is now")
    # Neither all that was to be seen in the meantime.
    assert viewer.bytes - before < 400_000


@pytest.mark.parametrize("unread_s", [3.0, pytest.param(60.0, marks=pytest.mark.soak)])
def test_a_run_and_its_viewers(project: Project, nginx: Nginx, unread_s: float) -> None:
    with view(project, "run", *LOAD, "-H", nginx.url) as first:
        folder = project.only_run()
        first.wait_for(RUNNING)
        snapshot(folder, lambda s: s.totals.requests > 20)
        first.process.kill()
        first.process.wait()
    assert run_lock.is_held(folder)

    attached_and_hung_up_on(project, folder)
    assert run_lock.is_held(folder)

    with view(project, "attach") as reading, view(project, "attach", size=(300, 80)) as other:
        for viewer in (reading, other):
            viewer.wait_for(RUNNING)
        does_not_read(other, folder, unread_s)
        second = int(snapshot(folder, lambda _: True).elapsed_s)
        reading.wait_until(lambda seen: clock_on(seen) >= second, "what is now")
        project.write(ENOUGH, "")
        for viewer in (reading, other):
            viewer.wait_for("q leaves")
            viewer.press("q")
            said = viewer.end()
            assert "finished after" in said
            assert str(folder) in said
            assert viewer.process.returncode == stored_exit_code(project.saved(folder).manifest)
    totals = project.saved(folder).manifest.totals
    assert totals.requests == nginx.count()
    assert totals.failures == 0
