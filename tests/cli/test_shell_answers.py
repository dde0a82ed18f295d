"""What a shell is told may come next."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from loadtui import __main__ as entry
from loadtui.cli.group import loadtui
from loadtui.cli.shell_answers import MOST_RUNS, answer_shell, words_for
from loadtui.cli.shell_names import COMPLETE_VARIABLE

Ask = Callable[..., list[str]]
FREE = {"words", "text", "tags", "name", "names"}
"""Arguments that are a person's own words."""
OLD, NEW = "20261101-100000-shop-aaaa", "20261102-100000-shop-bbbb"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for run in (OLD, NEW, ".hidden"):
        (tmp_path / ".loadtui" / "runs" / run).mkdir(parents=True)
    for name in ("shop.py", "scenarios/shop.py", "baselines/shop.json", "baselines/old.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    for name in ("shop.toml", "scenarios/night.toml", "scenarios/a b.toml"):
        (tmp_path / name).write_text('locustfile = "shop.py"\n')
    return tmp_path


@pytest.fixture
def ask(project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Ask:
    """`ask("runs", "show", "2026")`: the answers for the last word."""
    monkeypatch.setenv("LOADTUI_RUNS", "")  # so that what an option puts there is taken away

    def answers(*words: str) -> list[str]:
        monkeypatch.setenv(COMPLETE_VARIABLE, "bash_complete")
        monkeypatch.setenv("COMP_WORDS", " ".join(["loadtui", *words]))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        entry.run([])
        said = capfd.readouterr()
        assert said.err == ""
        return [line.removeprefix("plain,") for line in said.out.splitlines() if line]

    return answers


def arguments(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Parameter]]:
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from arguments(command, f"{path}{name} ")
        yield from ((f"{path}{name}", p) for p in command.params if isinstance(p, click.Argument))


def test_every_argument_is_answered_or_is_free_text() -> None:
    open_ones = [
        f"{command} {argument.name}"
        for command, argument in arguments(loadtui)
        if words_for(argument, command) is None
        and argument.name not in FREE
        and not isinstance(argument.type, click.Path | click.Choice)
    ]
    assert open_ones == []


def test_commands_and_options(ask: Ask) -> None:
    assert ask("ru") == ["run", "runs"]
    assert ask("run", "--no-u") == ["--no-ui"]
    assert ask("runs", "sho") == ["show"]
    assert ask("runs", "--js") == ["--json"], "which are those of `list`"
    assert ask("--vers") == ["--version"]
    assert ask("report", "--format", "md")[:1] == ["md"]
    assert ask("locust", "--only") == ["--only-summary"]
    assert ask("baseline", "show", "") == ["old", "shop"]


def test_runs_newest_first(ask: Ask, project: Path) -> None:
    assert ask("runs", "show", "") == ["latest", NEW, OLD]
    assert ask("report", "20261101") == [OLD]
    assert ask("compare", "") == ["old", "shop", "latest", NEW, OLD]
    assert ask("compare", "old", NEW, "2026") == [OLD], "none is offered twice"
    assert ask("issue", "la") == ["latest"]
    assert ask("runs", "list", "--plan", "n") == ["night"]
    assert ask("stop", "") == [], "none is running"


def test_runs_of_another_folder(ask: Ask, project: Path) -> None:
    (project / "more" / "20260101-000000-x-cccc").mkdir(parents=True)
    answers = ask("runs", "show", "--runs", "more", "2026")
    assert answers == ["20260101-000000-x-cccc"]


def test_only_the_newest_of_very_many(ask: Ask, project: Path) -> None:
    for number in range(MOST_RUNS):
        (project / ".loadtui" / "runs" / f"20260101-{number:06}-x-cccc").mkdir()
    answers = ask("runs", "show", "20")
    assert len(answers) == MOST_RUNS
    assert answers[:2] == [NEW, OLD]


def test_plans_and_locustfiles(ask: Ask) -> None:
    shown = ["scenarios/night.toml", "shop.toml", "shop.py", "scenarios/shop.py"]
    assert sorted(ask("run", "")) == sorted(shown), "a name that needs quotes is left to the shell"
    assert ask("calibrate", "sc") == ["scenarios/night.toml"]
    assert ask("run", "../oth") == ["file,../oth"], "elsewhere the shell completes"


def test_what_goes_wrong_is_quiet(ask: Ask, project: Path) -> None:
    assert ask("no-such-command", "") == []
    (project / "pyproject.toml").write_text("[tool.loadtui\n")
    assert ask("runs", "show", "") == []
    assert answer_shell(loadtui, "tcsh_complete") == 1


def test_little_is_imported(project: Path) -> None:
    """Each of these takes longer than the answer may."""
    heavy = ("polars", "locust", "gevent", "textual", "plotext", "requests", "jinja2")
    program = (
        "import sys; from loadtui.__main__ import run; run([]); "
        f"print(*(n for n in {heavy} if n in sys.modules), file=sys.stderr)"
    )
    env = {**os.environ, COMPLETE_VARIABLE: "zsh_complete", "COMP_CWORD": "3"}
    for words in ("loadtui runs show 2", "loadtui compare ol 2", "loadtui stop -- x"):
        ran = subprocess.run(
            [sys.executable, "-c", program],
            env={**env, "COMP_WORDS": words},
            capture_output=True,
            text=True,
            check=True,
        )
        assert ran.stderr.strip() == ""
