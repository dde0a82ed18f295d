"""The entry point: quick help, one sentence for an error, the right exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from loadtui import __main__ as entry
from loadtui import __version__
from loadtui.cli import group
from loadtui.errors import UsageError

SLOW = ("polars", "textual", "locust", "gevent", "plotext", "rich", "msgspec", "asyncio")


@pytest.fixture(autouse=True)
def _no_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOADTUI_DEBUG", "")


def _with_command(monkeypatch: pytest.MonkeyPatch, callback: object) -> None:
    """Make `loadtui probe` run the callback."""
    command = click.Command("probe", callback=callback)  # type: ignore[arg-type]
    module = type(sys)("probe_module")
    module.command = command  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "probe_module", module)
    monkeypatch.setitem(group.COMMANDS, "probe", group.CommandEntry("probe_module", "A probe."))


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_help_and_version_import_nothing_slow(option: str) -> None:
    code = (
        "import sys, json\n"
        "from loadtui.__main__ import run\n"
        f"code = run([{option!r}])\n"
        "print(json.dumps([code, sorted(sys.modules)]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    exit_code, modules = json.loads(done.stdout.splitlines()[-1])
    assert exit_code == 0
    assert [name for name in SLOW if name in modules] == []


def test_version_names_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run(["--version"]) == 0
    assert capsys.readouterr().out == f"loadtui {__version__}\n"


def test_help_lists_every_command_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run(["--help"]) == 0
    out = capsys.readouterr().out
    for name, command in group.COMMANDS.items():
        assert f"  {name} " in out
        assert command.help.split(".")[0][:30] in out


@pytest.mark.parametrize("name", group.COMMANDS)
def test_a_command_has_the_name_and_the_line_of_the_table(name: str) -> None:
    command = group.loadtui.get_command(click.Context(group.loadtui), name)
    assert command is not None
    assert command.name == name
    assert command.get_short_help_str(limit=100) == group.COMMANDS[name].help


def test_no_command_without_a_terminal_prints_help_and_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "loadtui"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Commands:" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("loadtui: error: the workbench needs a terminal")


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["chek"], "did you mean check?"),
        (["zzzz"], "`loadtui --help` lists the commands"),
        (["gateway.toml"], "loadtui run gateway.toml"),
        (["--verson"], "--verson"),
        (["runs", "--nonsense"], "see `loadtui runs list --help`"),
    ],
)
def test_bad_usage_is_one_sentence_and_exit_2(
    argv: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert entry.run(argv) == 2
    said = capsys.readouterr().err
    assert said.startswith("loadtui: error: ")
    assert said.count("\n") == 1
    assert says in said


def test_usage_error_gives_its_sentence_and_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise UsageError("plan.toml: no stage; add one", exit_code=3)

    _with_command(monkeypatch, fail)
    assert entry.run(["probe"]) == 3
    assert capsys.readouterr().err == "loadtui: error: plan.toml: no stage; add one\n"


def test_an_error_that_quotes_a_file_is_a_line_of_a_length_that_can_be_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise UsageError(f"a.csv: {'x' * 70_000} is there\x1b[2J\ntwice; remove one")

    _with_command(monkeypatch, fail)
    assert entry.run(["probe"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("loadtui: error: a.csv: xxx")
    assert said.endswith("x is there\\x1b[2J\\ntwice; remove one\n")
    assert len(said) < 2000


def test_unexpected_error_is_a_sentence_unless_debug(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise RuntimeError("two\nlines")

    _with_command(monkeypatch, fail)
    assert entry.run(["probe"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("loadtui: error: internal error: RuntimeError: two lines; run it again")
    assert "Traceback" not in said
    assert entry.run(["probe", "--debug"]) == 2
    assert os.environ["LOADTUI_DEBUG"] == "1"
    assert "Traceback" in capsys.readouterr().err


def test_debug_after_two_dashes_belongs_to_the_command() -> None:
    argv = ["run", "f.py", "--", "--debug"]
    assert entry._take_debug(argv) is False
    assert argv[-1] == "--debug"


@pytest.mark.parametrize("result", [0, 1, 3, 4, None])
def test_a_command_returns_its_exit_code(
    result: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_command(monkeypatch, lambda: result)
    assert entry.run(["probe"]) == (result or 0)


def test_exit_inside_a_command_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    _with_command(monkeypatch, lambda: click.get_current_context().exit(4))
    assert entry.run(["probe"]) == 4


def test_ctrl_c_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    _with_command(monkeypatch, interrupt)
    assert entry.run(["probe"]) == 130


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    code = (
        "import sys, click\n"
        "from loadtui.cli import group\n"
        "module = type(sys)('probe_module')\n"
        "module.command = click.Command('probe', callback=lambda: print('x' * 200000))\n"
        "sys.modules['probe_module'] = module\n"
        "group.COMMANDS['probe'] = group.CommandEntry('probe_module', '')\n"
        "from loadtui.__main__ import main\n"
        "main(['probe'])\n"
    )
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(write)
    assert done.returncode == 141
    assert done.stderr == ""


def test_standard_output_on_a_full_disk_is_told_in_a_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "loadtui", "--help"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    said = "loadtui: error: what it prints cannot be written: No space left on device\n"
    assert done.stderr == said
