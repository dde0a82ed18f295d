"""Commands typed in one project leave the running run of another alone."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.store import run_lock
from tests.support.delay_server import DelayServer
from tests.support.project import Project, snapshot

pytestmark = pytest.mark.thorough

LOCUSTFILE = """
from locust import FastHttpUser, constant, task

class Quick(FastHttpUser):
    wait_time = constant(0.1)

    @task
    def get(self):
        self.client.get("/")
"""


@pytest.fixture
def projects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Project]]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    made = [Project(tmp_path / name) for name in ("shop", "search", "empty")]
    for project in made:
        project.write("locustfile.py", LOCUSTFILE)
    yield made
    for project in made:
        project.close()


def test_each_form_acts_on_the_run_that_is_meant(projects: list[Project]) -> None:
    shop, search, empty = projects
    with DelayServer() as server:
        load = ["locustfile.py", "-H", server.url, "-u", "2", "-r", "9", "--processes", "1"]
        here, other = shop.detach(*load), search.detach(*load)

        def acts(project: Project, *words: str, named: Path | None = None) -> None:
            given = project.give(*words)
            assert given.returncode == 0, given.stderr
            # The folder of a run of another project is named, this project's goes without saying.
            assert (str(named) in given.stdout) if named else ("/" not in given.stdout)

        def refused(project: Project, *words: str, form: str) -> None:
            given = project.give(*words)
            assert (given.returncode, given.stderr.count("\n")) == (2, 1), given
            assert f"{other.name} in {other.parent}" in given.stderr
            assert f"`loadtui {form.replace('RUN', other.name)}`" in given.stderr
            assert "--everywhere" in given.stderr

        acts(shop, "mark", "in the shop")
        acts(search, "mark", "in search")
        acts(shop, "mark", other.name, "by id", named=other.parent)
        acts(search, "users", "3")
        acts(shop, "users", here.name[:9], "4")
        acts(shop, "users", other.name, "5", named=other.parent)
        assert snapshot(here, lambda s: s.users == 4).steered
        assert snapshot(other, lambda s: s.users == 5).steered
        several = empty.give("stop", "--everywhere")
        assert several.returncode == 2
        assert f"{here.name} in {here.parent}" in several.stderr

        for words, means in (([], here), ([other.name], other)):
            attached = shop.follow("attach", "--no-ui", *words)
            attached.wait_for(f"watching {means.name}")
            attached.wait_for(r"\d users")
            attached.send(signal.SIGINT)
            assert attached.end() == 0
            assert f"loadtui stop {means.name}" in re.sub(r"\s+", " ", attached.said)

        acts(shop, "stop")
        assert not run_lock.is_held(here)
        refused(shop, "stop", form="stop RUN")
        refused(shop, "stop", "20", "--now", form="stop RUN --now")
        refused(shop, "users", "7", form="users RUN 7")
        refused(empty, "mark", "a b", form="mark RUN 'a b'")
        refused(empty, "mark", "20", "b", form="mark RUN b")
        refused(empty, "attach", "--no-ui", form="attach RUN")
        assert snapshot(other, lambda _: True).users == 5
        acts(empty, "stop", "--everywhere", named=other.parent)
    notes = [
        [mark.text for mark in project.saved(run).manifest.marks if mark.kind == "note"]
        for project, run in ((shop, here), (search, other))
    ]
    assert notes == [["in the shop"], ["in search", "by id"]]
