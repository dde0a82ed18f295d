"""The arguments of `loadtui run`: what it makes of them, before and after a run."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from loadtui import __main__ as entry
from loadtui.cli import outputs, plan_runs
from loadtui.cli.plan_runs import RunOptions
from loadtui.errors import UsageError
from loadtui.plan.model import Plan
from loadtui.store.stored_run import Run
from tests.support.run_writer import RunWriter

LOCUSTFILE = """
from locust import FastHttpUser, task
class Shopper(FastHttpUser):
    @task
    def buy(self): pass
"""
PLAN = """
locustfile = "shop.py"
host = "http://127.0.0.1:8000"
[[stage]]
name = "low"
users = 10
spawn_rate = 2
duration = "40s"
"""


class Asked:
    """What would have been run."""

    def __init__(self) -> None:
        self.plans: list[Plan] = []
        self.options = RunOptions()

    def __call__(self, plans: Sequence[Plan], options: RunOptions) -> int:
        self.plans, self.options = list(plans), options
        return 0


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "shop.py").write_text(LOCUSTFILE)
    (tmp_path / "shop.toml").write_text(PLAN)
    return tmp_path


@pytest.fixture
def asked(project: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    recorder = Asked()
    monkeypatch.setattr(plan_runs, "run_plans", recorder)
    return recorder


Refused = Callable[..., str]


@pytest.fixture
def refused(asked: Asked, capsys: pytest.CaptureFixture[str]) -> Refused:
    """Gives `loadtui run ...` and returns the sentence with which it is refused."""

    def refused(*arguments: str) -> str:
        assert entry.run(["run", *arguments]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.startswith("loadtui: error: ")
        assert said.err.count("\n") == 1
        assert asked.plans == []
        return said.err

    return refused


class TestTargets:
    def test_a_locustfile_and_its_load(self, asked: Asked, project: Path) -> None:
        arguments = ["shop.py", "-H", "http://x", "-u", "20", "-r", "4", "-t", "1m30s", "--no-ui"]
        assert entry.run(["run", *arguments]) == 0
        [plan] = asked.plans
        assert (plan.name, plan.locustfiles) == ("shop", (str(project / "shop.py"),))
        assert (plan.host, plan.user_classes, plan.stages) == ("http://x", (), ())
        flags = asked.options.settings.flags
        assert (flags.users, flags.spawn_rate, flags.run_time_s) == (20, 4.0, 90.0)
        assert asked.options.no_ui

    def test_user_classes_beside_it(self, asked: Asked) -> None:
        assert entry.run(["run", "shop.py", "Shopper", "Robot"]) == 0
        [plan] = asked.plans
        assert plan.user_classes == ("Shopper", "Robot")

    def test_several_locustfiles_are_several_runs(self, asked: Asked, project: Path) -> None:
        (project / "more.py").write_text(LOCUSTFILE)
        assert entry.run(["run", "shop.py", "more.py"]) == 0
        assert [plan.name for plan in asked.plans] == ["shop", "more"]

    def test_files_as_locust_takes_them(self, asked: Asked, project: Path) -> None:
        assert entry.run(["run", "-f", "shop.py", "Shopper", "--headless"]) == 0
        [plan] = asked.plans
        assert (plan.locustfiles, plan.user_classes) == ((str(project / "shop.py"),), ("Shopper",))
        assert asked.options.no_ui

    def test_files_of_f_are_one_run(self, asked: Asked, project: Path) -> None:
        (project / "load").mkdir()
        for name in ("more.py", "load/deep.py"):
            (project / name).write_text(LOCUSTFILE)
        arguments = ["-f", "shop.py, more.py", "shop.toml", "-f", "load", "--config", "l.conf"]
        assert entry.run(["run", *arguments]) == 0
        planned, together = asked.plans
        assert planned.source is not None
        files = tuple(str(project / name) for name in ("shop.py", "more.py", "load"))
        assert (together.name, together.locustfiles) == ("shop", files)
        settings = asked.options.settings
        assert (settings.config, settings.options) == ("l.conf", ["--config", "l.conf"])

    @pytest.mark.parametrize("classes", [[], ["Shopper"]])
    def test_what_locusts_configuration_names_by_default(
        self, asked: Asked, project: Path, classes: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (project / "locustfile.py").write_text(LOCUSTFILE)
        assert entry.run(["run", "-u", "1", *classes]) == 0
        [plan] = asked.plans
        assert plan.locustfiles == (str(project / "locustfile.py"),)
        monkeypatch.setenv("LOCUST_LOCUSTFILE", "shop.py,locustfile.py")
        assert entry.run(["run", "-u", "1", *classes]) == 0
        [plan] = asked.plans
        assert plan.locustfiles == (str(project / "shop.py"), str(project / "locustfile.py"))
        assert plan.user_classes == tuple(classes)

    def test_nothing_to_run(
        self, refused: Refused, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(project))
        assert "there is no locustfile.py in this folder" in refused()
        (project / "locust.conf").write_text("locustfile = gone.py\n")
        assert "locust.conf: gone.py: no such locustfile" in refused()

    def test_a_plan(self, asked: Asked) -> None:
        assert entry.run(["run", "shop.toml", "-H", "http://other"]) == 0
        [plan] = asked.plans
        assert (plan.name, plan.host) == ("shop", "http://other")
        assert [stage.duration_s for stage in plan.stages] == [40.0]

    def test_a_plan_and_a_file(self, asked: Asked) -> None:
        assert entry.run(["run", "shop.py", "shop.toml"]) == 0
        assert [plan.source is not None for plan in asked.plans] == [False, True]

    def test_time_scale(self, asked: Asked) -> None:
        assert entry.run(["run", "shop.toml", "--time-scale", "0.1"]) == 0
        [plan] = asked.plans
        assert (plan.time_scale, plan.stages[0].duration_s, plan.stages[0].spawn_rate) == (
            0.1,
            4.0,
            20.0,
        )
        assert entry.run(["run", "shop.py", "-t", "100", "-r", "1", "--time-scale", "0.1"]) == 0
        flags = asked.options.settings.flags
        assert (flags.run_time_s, flags.spawn_rate) == (10.0, 10.0)

    def test_tags_and_stop_timeout(self, asked: Asked) -> None:
        assert entry.run(["run", "shop.py", "-T", "a,b", "-T", "c", "-E", "d", "-s", "1.5s"]) == 0
        [plan] = asked.plans
        assert (plan.tags, plan.exclude_tags) == (("a", "b", "c"), ("d",))
        assert plan.stop_timeout_s == 1.5

    def test_the_files_own_arguments(self, asked: Asked) -> None:
        assert entry.run(["run", "shop.py", "-u", "2", "--", "-u", "5", "--json", "x"]) == 0
        assert asked.options.settings.locust_args == ["-u", "5", "--json", "x"]
        assert (asked.options.settings.flags.users, asked.options.outputs.options) == (2, [])

    def test_what_was_typed_can_be_typed_again(self, asked: Asked) -> None:
        load = ["-u", "5", "-r", "2.0", "-t", "1m", "-T", "a,b", "-T", "c", "--check", "p95 < 2s"]
        beside = ["-H", "http://x", "--no-ui", "--json", "r.json", "--note", "n", "-L", "DEBUG"]
        assert entry.run(["run", "shop.py", *load, *beside, "--stock-http"]) == 0
        options = asked.options.settings.options
        assert sorted(options) == sorted([*load, "--stock-http"])
        assert entry.run(["run", "shop.py", *options]) == 0
        assert asked.options.settings.options == options

    @pytest.mark.parametrize(
        ("given", "kept"), [([], None), (["--processes", "3"], 3), (["--processes", "-1"], None)]
    )
    def test_processes(self, asked: Asked, given: list[str], kept: int | None) -> None:
        assert entry.run(["run", "shop.py", *given]) == 0
        assert asked.options.settings.processes == kept


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["shop.toml", "-u", "5"], "-u does not go with the stages of shop.toml"),
        (["shop.toml", "-t", "5s"], "-t does not go with the stages of shop.toml"),
        (["shop.toml", "Shopper"], "user classes are named in the plan"),
        (["missing.toml"], "missing.toml"),
        (["-f", "gone.py"], "gone.py: no such locustfile"),
        (["-f", "shop.toml"], "shop.toml: a locustfile must end in .py or be a folder"),
        (["-f", "https://x/y.py"], "https://x/y.py: a locustfile is not fetched from the network"),
        (["--config", "gone.conf"], "gone.conf: the config file cannot be read"),
        (["shop.txt"], "shop.txt: no such plan or locustfile"),
        (["shop.py", "-t", "soon"], "-t: "),
        (["shop.py", "-t", "1.5s"], "expected whole seconds"),
        (["shop.py", "-u", "0"], "-u: found 0"),
        (["shop.py", "-u", "many"], "'many' is not a valid integer"),
        (["shop.py", "--processes", "0"], "--processes: found 0"),
        (["shop.py", "--time-scale", "0"], "--time-scale: found 0"),
        (["shop.py", "--spawnrate", "3"], "--spawnrate"),
        (["shop.py", "--web-port", "80"], "--web-port"),
        (["shop.py", "--marker", "crayon"], "--marker"),
    ],
)
def test_refused_in_one_sentence(refused: Refused, arguments: list[str], says: str) -> None:
    assert says in refused(*arguments)


def kept(project: Path, name: str, code: int) -> Run:
    """A run as its host leaves it, with this exit code."""
    from loadtui.store.final_files import write_final_files

    writer = RunWriter(project / ".loadtui" / "runs" / f"20261123-101502-{name}-3f2a")
    writer.stage("L1", 0)
    writer.second(0)
    state = "interrupted" if code == 130 else "finished"
    plan = Plan(name=name, locustfiles=(f"{name}.py",))
    manifest = writer.manifest(state=state, plan=plan, exit_code=code)
    return Run(writer.folder, write_final_files(writer.folder, manifest))


@pytest.fixture
def ends(project: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Lets plans end with exit codes, None standing for a run that cannot start; the names of
    those that were started are in the list."""

    def ends(**codes: int | None) -> list[str]:
        started: list[str] = []

        def run_one(plan: Plan, options: RunOptions, **_: object) -> Run:
            started.append(plan.name)
            code = codes[plan.name]
            if code is None:
                raise UsageError("no host: give one with -H")
            return kept(project, plan.name, code)

        monkeypatch.setattr(plan_runs, "run_one", run_one)
        for name in codes:
            (project / f"{name}.py").write_text(LOCUSTFILE)
        return started

    return ends


Ends = Callable[..., list[str]]


class TestSeveral:
    def test_json_is_an_array_of_those_that_ran(
        self, ends: Ends, capsys: pytest.CaptureFixture[str]
    ) -> None:
        started = ends(a=0, b=None, c=1)
        assert entry.run(["run", "a.py", "b.py", "c.py", "--no-ui", "--json", "-"]) == 2
        said = capsys.readouterr()
        assert [(one["plan"], one["exit_code"]) for one in json.loads(said.out)] == [
            ("a", 0),
            ("c", 1),
        ]
        assert "loadtui: error: b: no host: give one with -H\n" in said.err
        assert started == ["a", "b", "c"]

    def test_a_single_one_is_an_object(
        self, ends: Ends, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ends(a=0)
        assert entry.run(["run", "a.py", "--no-ui", "--json", "result.json"]) == 0
        assert json.loads((project / "result.json").read_text())["plan"] == "a"
        assert "20261123-101502-a-3f2a" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("codes", "code"),
        [((0, 0), 0), ((0, 1), 1), ((1, 3), 3), ((3, 0), 3), ((None, 3), 2), ((1, 130), 130)],
    )
    def test_the_gravest_code_counts(
        self, ends: Ends, codes: tuple[int | None, int | None], code: int
    ) -> None:
        ends(a=codes[0], b=codes[1])
        assert entry.run(["run", "a.py", "b.py", "--no-ui"]) == code

    def test_after_an_interrupted_one_no_other_starts(self, ends: Ends) -> None:
        started = ends(a=130, b=0)
        assert entry.run(["run", "a.py", "b.py", "--no-ui"]) == 130
        assert started == ["a"]

    def test_a_single_one_that_cannot_start(
        self, ends: Ends, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ends(a=None)
        assert entry.run(["run", "a.py", "--no-ui", "--json", "-"]) == 2
        said = capsys.readouterr()
        assert (said.out, said.err) == ("", "loadtui: error: no host: give one with -H\n")


class TestJson:
    def test_a_folder_that_is_not_there_is_refused_before_the_run(
        self, ends: Ends, capsys: pytest.CaptureFixture[str]
    ) -> None:
        started = ends(a=0)
        assert entry.run(["run", "a.py", "--no-ui", "--json", "no/such/result.json"]) == 2
        assert "--json no/such/result.json: there is no folder no/such" in capsys.readouterr().err
        assert started == []

    def test_a_file_without_permission_is_refused_before_the_run(
        self,
        ends: Ends,
        project: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        started = ends(a=0)
        (project / "result.json").write_text("{}")
        # Not by chmod: whoever may do everything may write there all the same.
        monkeypatch.setattr(outputs.os, "access", lambda _, mode: mode != os.W_OK)
        assert entry.run(["run", "a.py", "--no-ui", "--json", "result.json"]) == 2
        assert "--json result.json: no permission to write there" in capsys.readouterr().err
        assert started == []

    def test_a_folder_is_no_file(self, ends: Ends, project: Path) -> None:
        started = ends(a=0)
        (project / "folder").mkdir()
        assert entry.run(["run", "a.py", "--no-ui", "--json", "folder"]) == 2
        assert started == []

    def test_on_stdout_there_is_nothing_else(
        self, ends: Ends, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ends(a=0)
        assert entry.run(["run", "a.py", "--no-ui", "--json", "-"]) == 0
        said = capsys.readouterr()
        assert json.loads(said.out)["plan"] == "a"
        assert "20261123-101502-a-3f2a" in said.err
        assert entry.run(["run", "a.py", "--no-ui", "-q", "--json", "-"]) == 0
        assert capsys.readouterr().err == ""


def test_a_form_of_result_for_each_flag(asked: Asked) -> None:
    flags = ["--junit", "a.xml", "--html", "a.html", "--markdown", "a.md", "--json", "-"]
    more = ["--csv", "x", "--csv-full-history", "--github"]
    assert entry.run(["run", "shop.py", "-u", "1", *flags, *more]) == 0
    wanted = asked.options.outputs
    assert {(one.format, str(one.path)) for one in wanted.files} == {
        ("junit", "a.xml"),
        ("html", "a.html"),
        ("md", "a.md"),
        ("json", "-"),
    }
    assert (wanted.csv_prefix, wanted.csv_full_history, wanted.github) == ("x", True, True)
    assert wanted.on_stdout


def test_results_do_not_go_with_detach(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run(["run", "shop.toml", "--detach", "--junit", "a.xml"]) == 2
    assert "--junit does not go with --detach" in capsys.readouterr().err
