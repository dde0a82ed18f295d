"""Runs that outlive their terminal: found again, steered, stopped, and kept however they end."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.launch.running_runs import wait_until_over
from loadtui.store import run_lock
from loadtui.store.manifest_file import read_manifest
from loadtui.store.stored_run import verify_checksums
from tests.support.delay_server import DelayServer
from tests.support.project import Project, alive, host_of, snapshot
from tests.support.waiting import wait_until

LOCUSTFILE = """
from locust import FastHttpUser, constant, task

class Quick(FastHttpUser):
    wait_time = constant(0.05)

    @task
    def get(self):
        self.client.get("/")

class Slow(FastHttpUser):
    @task
    def get(self):
        self.client.get("/delay/1.5", name="/slow")

class Stuck(FastHttpUser):
    @task
    def get(self):
        self.client.get("/")
        self.client.get("/delay/60", name="/stuck")

class Spinning(FastHttpUser):
    @task
    def get(self):
        open("spinning", "w").close()
        while True:
            pass
"""
BUSY = (0, 3)
"""Exit codes of a run that went well; tests that share the machine may make it invalid."""


@pytest.fixture(scope="module")
def server() -> Iterator[DelayServer]:
    with DelayServer() as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    made = Project(tmp_path / "project")
    made.write("locustfile.py", LOCUSTFILE)
    yield made
    made.close()


def load(server: DelayServer, user: str, *options: str, users: int = 2) -> list[str]:
    """Arguments of `loadtui run` for so many users of a class, all at once."""
    given = ["locustfile.py", user, "-H", server.url, "-u", str(users), "-r", "100"]
    return [*given, "--processes", "1", *options]


def plan(project: Project, server: DelayServer, text: str, user: str = "Quick") -> str:
    """Write a plan; its name."""
    head = f'locustfile = "locustfile.py"\nuser_classes = ["{user}"]\nhost = "{server.url}"\n'
    return project.write("steps.toml", head + text).name


class TestAttach:
    def test_stays_to_the_end_and_has_the_exit_code_of_the_run(
        self, project: Project, server: DelayServer
    ) -> None:
        folder = project.detach(*load(server, "Quick", "-t", "3s"))
        attached = project.give("attach", folder.name[:20], "--no-ui")
        run = project.saved(folder)
        assert run.manifest.state == "finished"
        assert run.manifest.exit_code in BUSY
        assert attached.returncode == run.manifest.exit_code, attached.stderr
        assert folder.name in attached.stdout
        assert "still running" not in attached.stderr

    def test_ctrl_c_only_detaches(self, project: Project, server: DelayServer) -> None:
        folder = project.detach(*load(server, "Quick"))
        attached = project.follow("attach", "--no-ui")
        attached.wait_for("2 users")
        attached.send(signal.SIGINT)
        assert attached.end() == 0, attached.said
        sentence = f"{folder.name} is still running; `loadtui attach {folder.name}` shows it"
        assert sentence in attached.said
        assert snapshot(folder, lambda s: s.users == 2).state == "running"
        assert project.give("stop").returncode == 0

    def test_on_a_terminal_there_is_a_screen(self, project: Project, server: DelayServer) -> None:
        folder = project.detach(*load(server, "Quick"))
        attached = project.follow("attach", keys=True)
        attached.wait_for("RUNNING")
        attached.type("d")
        assert attached.end() == 0, attached.said
        end = f"`loadtui attach {folder.name}` shows it again, `loadtui stop {folder.name}` ends it"
        assert attached.said.rstrip().endswith(end)
        assert snapshot(folder, lambda s: s.users == 2).state == "running"
        assert project.give("stop").returncode == 0

    def test_killing_a_viewer_leaves_the_run_alone(
        self, project: Project, server: DelayServer
    ) -> None:
        folder = project.detach(*load(server, "Quick"))
        attached = project.follow("attach", "--no-ui")
        attached.wait_for("2 users")
        attached.send(signal.SIGKILL)
        attached.process.wait()
        before = snapshot(folder, lambda s: s.state == "running").totals.requests
        assert snapshot(folder, lambda s: s.totals.requests > before + 20).users == 2
        assert project.give("stop").returncode == 0


class TestUsers:
    @pytest.mark.thorough
    def test_up_and_down_and_back_to_the_plan(self, project: Project, server: DelayServer) -> None:
        stage = '[[stage]]\nname = "{}"\nusers = 2\nspawn_rate = 100\nduration = "{}"\n'
        steps = plan(project, server, stage.format("L1", "9s") + stage.format("L2", "3s"))
        folder = project.detach(steps, "--processes", "1")

        given = project.give("users", "6")
        assert (given.returncode, given.stdout.split(":")[0]) == (0, folder.name), given.stderr
        assert snapshot(folder, lambda s: s.users == 6).steered
        assert project.give("mark", folder.name, "half", "way").returncode == 0
        assert project.give("users", folder.name, "1").returncode == 0
        assert snapshot(folder, lambda s: s.users == 1).stage == 0
        assert snapshot(folder, lambda s: s.users == 2).stage == 1

        run = project.saved(folder)
        assert run.manifest.state == "finished"
        assert run.manifest.steered
        assert [span.steered for span in run.manifest.stages] == [True, False]
        assert run.manifest.totals.users_max == 6
        assert [(mark.kind, mark.text) for mark in run.manifest.marks] == [
            ("users", "6 users, set by hand"),
            ("note", "half way"),
            ("users", "1 user, set by hand"),
        ]
        timeline = run.timeline()
        users = timeline["users"].to_list()
        assert {6, 1} <= set(users)
        assert [count for count in users if count][-1] == 2, "the last second may see them leave"
        assert "half way" in " ".join(timeline["mark"].to_list())
        document = json.loads(project.give("runs", "show", run.id, "--json").stdout)
        assert document["steered"] is True

    def test_what_cannot_be_is_one_sentence(self, project: Project, server: DelayServer) -> None:
        folder = project.detach(*load(server, "Quick"))
        refused = {
            ("users", "many"): "found 'many', expected a number",
            ("users", "2000000"): f"run {folder.name}: users must be a number from 0",
            ("users",): "give the number of users",
            ("users", "nope", "5"): "no run 'nope' is running",
            ("mark", " "): "a mark needs a text",
            ("mark", "x" * 1001): "a mark takes at most 1 000 characters",
        }
        for words, says in refused.items():
            given = project.give(*words)
            assert given.returncode == 2
            assert says in given.stderr
            assert given.stderr.count("\n") == 1
        assert not snapshot(folder, lambda s: True).steered
        assert project.give("stop", "--now").returncode == 0


class TestStop:
    def test_lets_requests_in_flight_finish(self, project: Project, server: DelayServer) -> None:
        folder = project.detach(*load(server, "Slow", "-t", "60s"))
        snapshot(folder, lambda s: s.in_flight == 2)
        given = project.give("stop", folder.name)
        assert given.returncode == 0, given.stderr
        assert given.stdout == f"{folder.name}: interrupted, not judged\n"
        assert given.stderr == f"stopping {folder.name}: requests in flight may finish\n"
        assert not run_lock.is_held(folder)
        manifest = project.saved(folder).manifest
        assert (manifest.totals.unfinished, manifest.exit_code) == (0, 130)
        assert manifest.ended_because == "stopped by hand"

    def test_an_open_ended_run_is_done_when_it_is_stopped(
        self, project: Project, server: DelayServer
    ) -> None:
        folder = project.detach(*load(server, "Quick"))
        given = project.give("stop")
        assert given.returncode == 0, given.stderr
        manifest = project.saved(folder).manifest
        assert (manifest.state, manifest.exit_code in BUSY) == ("finished", True)
        assert given.stdout == f"{folder.name}: finished, {manifest.verdict}\n"

    def test_now_does_not_wait(self, project: Project, server: DelayServer) -> None:
        folder = project.detach(*load(server, "Stuck", "-s", "120s"))
        snapshot(folder, lambda s: s.in_flight == 2)
        assert project.give("stop", "--now").returncode == 0
        run = project.saved(folder)
        assert run.manifest.totals.unfinished == 2
        assert run.manifest.totals.requests == 2

    def test_in_a_folder_too_deep_for_a_socket(
        self, tmp_path: Path, project: Project, server: DelayServer
    ) -> None:
        deep = Project(tmp_path / ("a" * 80) / ("b" * 80))
        deep.write("locustfile.py", LOCUSTFILE)
        folder = deep.detach(*load(server, "Quick"))
        assert len(str(folder)) > 200
        assert deep.give("mark", "deep").returncode == 0
        assert project.give("stop", str(folder)).returncode == 0
        assert [mark.text for mark in deep.saved(folder).manifest.marks] == ["deep"]

    def test_nothing_to_stop(self, project: Project) -> None:
        for words in (["attach"], ["stop"], ["users", "5"], ["mark", "here"]):
            given = project.give(*words)
            assert given.returncode == 2
            assert given.stderr == (
                "loadtui: error: no run is running; `loadtui runs` lists those that were saved\n"
            )


class TestSignals:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_once_stops_in_order(
        self, project: Project, server: DelayServer, number: signal.Signals
    ) -> None:
        given = project.follow("run", *load(server, "Slow", "-t", "60s"), "--no-ui")
        folder = project.only_run()
        given.wait_for("2 users")
        snapshot(folder, lambda s: s.in_flight == 2)
        given.send(number)
        assert given.end() == 130, given.said
        assert "stopping: requests in flight may finish" in given.said
        manifest = project.saved(folder).manifest
        assert (manifest.state, manifest.ended_because) == ("interrupted", "interrupted")
        assert manifest.totals.unfinished == 0
        assert manifest.totals.requests >= 2

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_before_the_start_nothing_is_left(
        self, project: Project, number: signal.Signals
    ) -> None:
        project.write("patient.py", "import time\ntime.sleep(30)\n" + LOCUSTFILE)
        given = project.follow("run", "patient.py", "-H", "http://127.0.0.1:9", "--no-ui")
        folder = project.only_run()
        wait_until(lambda: host_of(folder), "the host")
        given.send(number)
        assert given.end() == 130, given.said
        assert host_of(folder) is None
        assert not folder.exists()

    def test_twice_stops_at_once(self, project: Project, server: DelayServer) -> None:
        given = project.follow("run", *load(server, "Stuck", "-t", "60s", "-s", "60s"), "--no-ui")
        folder = project.only_run()
        given.wait_for("2 users")
        snapshot(folder, lambda s: s.in_flight == 2)
        given.send(signal.SIGINT)
        given.wait_for("again to stop at once")
        snapshot(folder, lambda s: s.state == "stopping")
        given.send(signal.SIGINT)
        assert given.end() == 130, given.said
        manifest = project.saved(folder).manifest
        assert (manifest.state, manifest.totals.unfinished) == ("interrupted", 2)

    def test_killing_the_command_stops_its_run_in_order(
        self, project: Project, server: DelayServer
    ) -> None:
        given = project.follow("run", *load(server, "Slow", "-t", "60s"), "--no-ui")
        folder = project.only_run()
        given.wait_for("2 users")
        snapshot(folder, lambda s: s.in_flight == 2)
        given.send(signal.SIGKILL)
        given.process.wait()
        run = project.saved(folder)
        assert run.manifest.state == "interrupted"
        assert run.manifest.ended_because == "the command that started the run is gone"
        assert run.manifest.totals.unfinished == 0
        assert verify_checksums(run) == []

    def test_a_killed_host_is_recovered_and_takes_its_workers_along(
        self, project: Project, server: DelayServer
    ) -> None:
        folder = project.detach(*load(server, "Quick"))
        workers = [worker.pid for worker in read_manifest(folder).workers]
        seen = snapshot(folder, lambda s: s.elapsed_s > 2 and s.totals.requests > 20)
        host = host_of(folder)
        assert host is not None
        assert [alive(pid) for pid in workers] == [True]
        os.kill(host, signal.SIGKILL)
        assert wait_until_over(folder, 5)

        given = project.give("stop", folder.name)
        assert (given.returncode, given.stderr.count("\n")) == (2, 1)
        [row] = json.loads(project.give("runs", "list", "--json").stdout)
        assert (row["run"], row["state"]) == (folder.name, "interrupted")
        run = project.saved(folder)
        assert run.manifest.totals.requests >= seen.totals.requests
        assert verify_checksums(run) == []
        wait_until(lambda: not any(alive(pid) for pid in workers), "the workers end")

    def test_a_killed_host_takes_a_worker_along_that_no_longer_listens(
        self, project: Project, server: DelayServer
    ) -> None:
        project.follow("run", *load(server, "Spinning", "-t", "60s"), "--no-ui")
        folder = project.only_run()
        wait_until((project.folder / "spinning").exists, "a user that never yields")
        workers = [worker.pid for worker in read_manifest(folder).workers]
        assert [alive(pid) for pid in workers] == [True]
        host = host_of(folder)
        assert host is not None
        os.kill(host, signal.SIGKILL)
        wait_until(lambda: not any(alive(pid) for pid in workers), "the workers end")


class TestAbort:
    def test_a_promise_that_is_broken_for_good_ends_the_run(
        self, project: Project, server: DelayServer
    ) -> None:
        steps = plan(
            project,
            server,
            '[[stage]]\nname = "L1"\nusers = 2\nspawn_rate = 100\nduration = "20s"\n'
            '[[threshold]]\ncheck = "max < 1s"\nendpoint = "GET /slow"\nabort = true\n',
            user="Slow",
        )
        given = project.give("run", steps, "--processes", "1", "--no-ui", "--json", "-")
        document = json.loads(given.stdout)
        assert document["state"] == "finished"
        assert given.returncode in (1, 3), given.stderr
        assert document["thresholds"][0]["status"] == "fail"
        assert document["duration_s"] < 15
        manifest = project.saved(project.only_run()).manifest
        assert manifest.ended_because == (
            "threshold max < 1s of GET /slow in stage L1 can no longer be met"
        )

    def test_a_stage_that_is_over_cannot_recover(
        self, project: Project, server: DelayServer
    ) -> None:
        stage = '[[stage]]\nname = "{}"\nusers = 2\nspawn_rate = 100\nduration = "{}"\n'
        stages = stage.format("L1", "2s") + stage.format("L2", "40s")
        check = '[[threshold]]\ncheck = "p95 < 0.001ms"\nstage = "L1"\nabort = true\n'
        steps = plan(project, server, stages + check)
        given = project.give("run", steps, "--processes", "1", "--no-ui", "-q")
        assert given.returncode in (1, 3), given.stderr
        manifest = project.saved(project.only_run()).manifest
        assert (manifest.state, len(manifest.stages)) == ("finished", 2)
        assert manifest.ended_because == (
            "threshold p95 < 0.001ms in stage L1 can no longer be met"
        )

    def test_without_abort_the_run_goes_on(self, project: Project, server: DelayServer) -> None:
        steps = plan(
            project,
            server,
            '[[stage]]\nname = "L1"\nusers = 2\nspawn_rate = 100\nduration = "3s"\n'
            '[[threshold]]\ncheck = "max < 0.001ms"\n',
        )
        given = project.give("run", steps, "--processes", "1", "--no-ui", "-q")
        assert given.returncode in (1, 3), given.stderr
        assert project.saved(project.only_run()).manifest.ended_because == "the run time is over"
