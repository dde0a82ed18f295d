"""`loadtui init`: what it writes, that this runs as it is, and what it refuses."""

from __future__ import annotations

import os
import pty
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui import __main__ as entry
from loadtui.cli import init, init_answers
from loadtui.cli.help_pages import HELP_PAGES
from loadtui.plan.toml import load_plan
from tests.support.command import command, load
from tests.support.init_inputs import FOLDER, HOST, INPUTS, InitInput
from tests.support.scripted_server import ScriptedServer

PLAIN_TIME = "10s"
"""Users think for up to 3 s, and a busy machine may take 5 s to start them."""
PETSTORE = next(case for case in INPUTS if case.file == "petstore_3.yaml")
OTHERS = [case for case in INPUTS if case is not PETSTORE]
ONE_OF_EACH = [
    next(case for case in OTHERS if case.option == option)
    for option in dict.fromkeys(case.option for case in OTHERS)
]


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        running.play({})
        yield running


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def runs_as_it_is(folder: Path, case: InitInput, server: ScriptedServer) -> None:
    """Written without questions, checked, run by loadtui and run by plain Locust."""
    env = dict.fromkeys(case.variables, "word-of-the-test")
    told = command(folder, "init", *case.arguments(server.url), "-H", server.url,
                   "--name", "own", "--no-run")  # fmt: skip
    assert told.code == 0, told.stderr
    assert command(folder, "check", "own.toml", env=env).code == 0
    ran = load(folder, "own.toml", "--time-scale", "0.1", env=env)
    assert ran.quiet_code in (0, 1), ran.stderr  # 1: an endpoint had no turn, or too few
    assert ran.document["totals"]["failures"] == 0
    assert ran.document["totals"]["requests"] > 0
    assert set(ran.endpoints()) <= set(case.sent)
    plain = subprocess.run(
        [sys.executable, "-m", "locust", "--headless", "-u", "5", "-r", "5", "-t", PLAIN_TIME],
        cwd=folder,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert plain.returncode == 0, plain.stdout + plain.stderr
    assert any(name.partition(" ")[2] in plain.stdout + plain.stderr for name in case.sent)


def test_what_it_wrote_runs_under_loadtui_and_under_locust(
    tmp_path: Path, server: ScriptedServer
) -> None:
    runs_as_it_is(tmp_path, PETSTORE, server)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=pytest.mark.thorough if case in ONE_OF_EACH else pytest.mark.soak)
        for case in OTHERS
    ],
    ids=lambda case: case.file,
)
def test_so_does_what_is_made_of_every_other_input(
    tmp_path: Path, server: ScriptedServer, case: InitInput
) -> None:
    runs_as_it_is(tmp_path, case, server)


@pytest.mark.thorough
def test_it_runs_for_ten_seconds_and_says_what_is_next(
    tmp_path: Path, server: ScriptedServer
) -> None:
    told = command(tmp_path, "init", server.url, "--users", "3", "-t", "10s")
    assert told.code == 0, told.stderr
    assert "running it for 10 s with 3 users:" in told.stdout
    [run] = (tmp_path / ".loadtui" / "runs").iterdir()
    assert "load-test" in run.name
    ahead = told.stdout.partition("Next:\n")[2].splitlines()
    assert len(ahead) == 3
    for line in ahead:
        words = shlex.split(line, comments=True)
        extra = ["--no-ui"] if words[1] == "run" else []
        done = command(tmp_path, *words[1:], *extra)
        # 3: this machine has other things to do, and such a run is no baseline.
        assert done.code in (0, 3) or "invalid" in done.stderr, done.stderr


def test_files_of_a_url(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run(["init", f"{HOST}/items/7?x=1", "--no-run", "-u", "1", "-t", "90s"]) == 0
    assert sorted(path.name for path in here.iterdir()) == [
        ".gitignore", "load-test.toml", "locustfile.py",
    ]  # fmt: skip
    plan = load_plan(here / "load-test.toml")
    assert plan.host == HOST
    assert [(stage.users, stage.duration_s) for stage in plan.stages] == [(1, 90)]
    assert 'self.client.get("/items/7?x=1"' in (here / "locustfile.py").read_text()
    out = capsys.readouterr().out
    assert out.startswith("wrote locustfile.py (1 task)\nwrote load-test.toml\n")
    assert "loadtui run load-test.toml" in out


LOCUSTFILE = """
from locust import FastHttpUser, task


class ApiUser(FastHttpUser):
    @task
    def index(self):
        self.client.get("/")
"""


def test_a_plan_alone_for_a_locustfile_that_is_there(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "api.py").write_text(LOCUSTFILE)
    assert entry.run(["init", "api.py", "--no-run"]) == 2
    assert "no host for ApiUser: give -H URL" in capsys.readouterr().err
    assert sorted(path.name for path in here.iterdir() if path.is_file()) == ["api.py"]
    assert entry.run(["init", "api.py", "-H", HOST, "--no-run"]) == 0
    assert (here / "api.py").read_text() == LOCUSTFILE
    assert not (here / "locustfile.py").exists()
    plan = load_plan(here / "api.toml")
    assert (plan.host, [Path(path).name for path in plan.locustfiles]) == (HOST, ["api.py"])


def test_the_host_of_the_command_line_goes_before_that_of_the_source(here: Path) -> None:
    source = str(FOLDER / "petstore_3.yaml")
    assert entry.run(["init", "http://127.0.0.1:9/x/", "--openapi", source, "--no-run"]) == 0
    assert load_plan(here / "pet-store.toml").host == "http://127.0.0.1:9/x"


def test_a_workflow_and_a_gitignore_of_the_repository(here: Path) -> None:
    (here / ".git").mkdir()
    (here / ".gitignore").write_text("*.pyc")
    below = here / "load tests"
    below.mkdir()
    os.chdir(below)
    arguments = ["--openapi", str(FOLDER / "chat_31.json"), "--ci", "github", "--no-run"]
    assert entry.run(["init", *arguments]) == 0
    assert (here / ".gitignore").read_text() == "*.pyc\n.loadtui/\n"
    workflow = (here / ".github" / "workflows" / "load-test.yml").read_text()
    assert 'working-directory: "load tests"' in workflow
    assert "API_TOKEN: ${{ secrets.API_TOKEN }}" in workflow
    assert entry.run(["init", *arguments, "--force"]) == 0
    assert (here / ".gitignore").read_text() == "*.pyc\n.loadtui/\n"


def test_nothing_is_run_where_nothing_answers_or_a_variable_is_not_set(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert entry.run(["init", "http://127.0.0.1:1"]) == 0
    assert "nothing was run: nothing listens at 127.0.0.1:1" in capsys.readouterr().err
    arguments = ["--openapi", str(FOLDER / "chat_31.json"), "--force"]
    assert entry.run(["init", *arguments]) == 0
    err = capsys.readouterr().err
    assert "nothing was run: the locustfile reads API_TOKEN from the environment" in err
    assert not (here / ".loadtui").exists()


MISTAKES = {
    "nothing": ([], "there is nothing to start from; give a URL"),
    "no such file": (["--openapi", "none.yaml"], "there is no file none.yaml"),
    "no OpenAPI": (["--openapi", "empty.json"], "is no OpenAPI description"),
    "not even JSON": (["--openapi", "broken.json"], "line 1"),
    "no paths": (["--openapi", "no_paths.json"], "lists no operations under `paths`"),
    "no operation is wanted": (
        ["--openapi", str(FOLDER / "petstore_3.yaml"), "--only", "GET /x"],
        "--only: none of the 4 operations",
    ),
    "only writes": (["--openapi", "deletes.json"], "--writes has them sent"),
    "no server": (["--openapi", str(FOLDER / "bookshop_31.yaml")], "add --host URL"),
    "no HAR": (["--har", "empty.json"], "is no HTTP archive"),
    "HAR without entries": (["--har", "no_entries.har"], "holds no requests"),
    "no collection": (["--postman", "empty.json"], "is no collection of Postman"),
    "a pipe": (["--har", "pipe"], "it is no plain file"),
    "bad URL": (["ftp://example.com"], "expected a URL such as http://127.0.0.1:8000"),
    "bad port": (["http://127.0.0.1:99999"], "expected a URL"),
    "bad host": (["--openapi", "no_server.json", "-H", "a b"], "--host: found 'a b'"),
    "user in the host": (["--openapi", "no_server.json", "-H", "http://u:p@h"], "leave user"),
    "a file without its option": (["api.yaml"], "say what the file is, as --openapi api.yaml"),
    "a file without its option that is there": (["pipe"], "say what the file is"),
    "no locustfile": (["none.py"], "there is no file none.py"),
    "curl without a URL": (["--curl", "curl -X GET"], "found no URL"),
    "an open quote": (["--curl", "curl 'http://h"], "a quote is opened and never closed"),
    "an option of another curl": (["--curl", "curl --datta a http://h"], "--data"),
    "two sources": (["--curl", "curl h", "--har", "x"], "does not go with"),
    "source and locustfile": (["a.py", "--har", "x"], "does not go with"),
    "two hosts": (["http://h", "--har", "x", "-H", "http://i"], "does not go with"),
    "--only without a description": (["http://h", "--only", "x"], "--only is for --openapi"),
    "no users": (["http://h", "-u", "0"], "--users: found 0"),
    "no time": (["http://h", "-t", "soon"], "--duration: found 'soon'"),
    "bad name": (["http://h", "--name", "a/b"], "--name: found 'a/b'"),
    "name of another file": (["http://h", "--name", "pyproject"], "--name: found 'pyproject'"),
    "bad file": (["http://h", "--locustfile", "../x.py"], "--locustfile: found"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_sentence_and_writes_nothing(
    here: Path, capsys: pytest.CaptureFixture[str], mistake: str
) -> None:
    (here / "empty.json").write_text("{}")
    (here / "broken.json").write_text('{"openapi": ')
    (here / "no_paths.json").write_text('{"openapi": "3.0.0", "paths": {}}')
    (here / "deletes.json").write_text('{"openapi": "3.0.0", "paths": {"/x": {"delete": {}}}}')
    (here / "no_server.json").write_text('{"openapi": "3.0.0", "paths": {"/x": {"get": {}}}}')
    (here / "no_entries.har").write_text('{"log": {"entries": []}}')
    os.mkfifo(here / "pipe")
    before = sorted(here.iterdir())
    arguments, sentence = MISTAKES[mistake]
    assert entry.run(["init", *arguments]) == 2
    err = capsys.readouterr().err
    assert err.startswith("loadtui: error: ")
    assert err.count("\n") == 1
    assert sentence in err
    assert sorted(here.iterdir()) == before


@pytest.mark.parametrize(
    ("file", "arguments", "way_out"),
    [
        ("locustfile.py", [], "`loadtui init locustfile.py` makes a plan for it"),
        ("load-test.toml", [], "--name NAME writes another"),
        (".github/workflows/load-test.yml", ["--ci", "github"], "leave --ci out"),
    ],
)
def test_a_file_that_is_there_stays(
    here: Path,
    capsys: pytest.CaptureFixture[str],
    file: str,
    arguments: list[str],
    way_out: str,
) -> None:
    path = here / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    assert entry.run(["init", HOST, "--no-run", *arguments]) == 2
    err = capsys.readouterr().err
    assert f"{path} is there already" in err
    assert way_out in err
    assert path.read_text() == "mine"
    assert not (here / ".gitignore").exists()
    assert entry.run(["init", HOST, "--no-run", "--force", *arguments]) == 0
    assert path.read_text() != "mine"


def test_a_plan_of_that_name_elsewhere_in_the_project(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "scenarios").mkdir()
    (here / "scenarios" / "locustfile.py").touch()
    (here / "scenarios" / "load-test.toml").write_text('locustfile = "locustfile.py"\n')
    (here / ".git").mkdir()
    assert entry.run(["init", HOST, "--no-run"]) == 2
    assert "two plans of" in capsys.readouterr().err
    assert not (here / "load-test.toml").exists()


def test_a_name_with_a_blank_is_quoted(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run(["init", HOST, "--no-run", "--name", "my shop"]) == 0
    assert "loadtui run 'my shop.toml'" in capsys.readouterr().out
    assert tomllib.loads((here / "my shop.toml").read_text())["host"] == HOST


def test_on_a_terminal_it_asks(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "wb", buffering=0) as keys:
        process = subprocess.Popen(
            [sys.executable, "-m", "loadtui", "init", "--no-run"],
            cwd=tmp_path,
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=theirs,
        )
        os.close(theirs)
        keys.write(b"\nshop\n4\n20s\n")
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"wrote shop.toml" in out
    plan = load_plan(tmp_path / "shop.toml")
    assert plan.host == init_answers.EXAMPLE_URL
    assert [(stage.users, stage.duration_s) for stage in plan.stages] == [(2, 10), (4, 10)]


def test_the_examples_of_its_help_name_options_that_it_has() -> None:
    options = {name for one in init.command.params for name in one.opts}
    words = [
        word for word in " ".join(HELP_PAGES["init"].examples).split() if word.startswith("--")
    ]
    assert words
    assert set(words) <= options


def test_a_command_of_curl_from_stdin(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "loadtui", "init", "--curl", "-", "--no-run"],
        cwd=tmp_path,
        input=f"curl '{HOST}/a' \\\n  -H 'X-A: 1'",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert 'self.client.get("/a", headers={"X-A": "1"})' in (tmp_path / "locustfile.py").read_text()
