"""The run that Locust's command line asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtui import __main__ as entry
from loadtui.cli.locust.locust_arguments import LocustArguments, read_locust_arguments
from loadtui.cli.locust.locust_run import locust_plan, locust_settings
from loadtui.errors import UsageError
from loadtui.plan.model import Flags


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path


def read(line: str) -> LocustArguments:
    return read_locust_arguments(line.split())


def test_the_plan(folder: Path) -> None:
    plan = locust_plan(read("-f shop.py -H http://x -T a b -E c -t 1m -- Shopper"))
    assert (plan.name, plan.locustfiles) == ("shop", (str(folder / "shop.py"),))
    assert (plan.host, plan.user_classes) == ("http://x", ("Shopper",))
    assert (plan.tags, plan.exclude_tags) == (("a", "b"), ("c",))
    assert plan.give_up_s is None, "Locust goes on when nothing answers"


def test_the_settings() -> None:
    line = "-u 5 -r 2 -t 1h30m -L error --tls-key x --skip-log --think 1-2"
    settings = locust_settings(read(line))
    assert settings.flags == Flags(5, 2.0, 5400, None)
    assert (settings.processes, settings.loglevel) == (1, "ERROR")
    assert settings.locust_args == ["--think", "1-2"]
    assert settings.options == ["-u", "5", "-r", "2", "-t", "5400", "--processes", "1"]
    assert settings.locust is not None
    assert settings.locust.words == line.split()
    assert settings.locust.ignored == ["--tls-key"]
    assert not settings.sets_up_logging


@pytest.mark.parametrize(
    ("line", "processes"), [("", 1), ("--processes 0", 1), ("--processes 3", 3)]
)
def test_processes(line: str, processes: int) -> None:
    assert locust_settings(read(line)).processes == processes


def test_as_many_processes_as_there_is_room_for() -> None:
    assert locust_settings(read("--processes -1")).processes is None


def test_a_number_of_processes_that_makes_no_sense() -> None:
    with pytest.raises(UsageError, match="Invalid --processes count -2") as error:
        locust_settings(read("--processes -2"))
    assert error.value.exit_code == 1


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("-f missing.py --headless", 1, "missing.py"),
        ("--autoquit 3", 1, "--autoquit is only meaningful in combination with --autostart"),
        ("--master", 2, "--master: load from several machines cannot be made yet"),
        ("--headless -u many", 2, "argument -u/--users: invalid int value: 'many'"),
    ],
)
def test_refused(line: str, code: int, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run(["locust", *line.split()]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert says in said.err.splitlines()[-1]
    assert said.err.splitlines()[-1].startswith("loadtui: error: ")


def test_help_and_version_whatever_else_is_typed(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--help"], ["-f", "missing.py", "-h"]):
        assert entry.run(["locust", *words]) == 0
        assert capsys.readouterr().out.startswith("Usage: loadtui locust")
    for words in (["--version"], ["-V"]):
        assert entry.run(["locust", *words]) == 0
        assert capsys.readouterr().out.startswith("locust 2.")
