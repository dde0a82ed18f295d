"""Lines of a run's processes, and where they go."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from loadtui.cli.locust.locust_log import LocustLog
from loadtui.errors import UsageError

LINE = "[2026-11-27 23:18:08,397] box/INFO/locust.runners: Ramping to 2 users"
RAISED = (
    "[2026-11-27 23:18:09,001] box/ERROR/root: Uncaught exception in event handler: ",
    "Traceback (most recent call last):",
    '  File "/x/a.py", line 3, in act',
    "    raise ValueError(1)",
    "ValueError: 1",
    "",
    "During handling of the above exception, another exception occurred:",
    "",
    "Traceback (most recent call last):",
    '  File "/x/a.py", line 5, in act',
    "KeyError: 2",
    "2026-11-27T23:52:14Z <Greenlet at 0x7f: run_user(<a.U object at 0x7e>)> failed with KeyError",
    "",
)
LOGGED, PRINTED = [LINE, *RAISED], ["bye", "  indented", "Traceback (most recent call last):"]
WROTE = "\n".join(
    [
        f"host : {LINE}",
        f"worker 1 | {PRINTED[0]}",
        "worker ! careful",
        *(f"host ! {line}" for line in RAISED),
        f"worker | {PRINTED[1]}",
        PRINTED[2],
        "host | half a li",
    ]
)


def log(
    level: str = "INFO", file: str | None = None, *, silent: bool = False, err: bool = False
) -> LocustLog:
    return LocustLog(level, file, silent=silent, print_to_stderr=err)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "host.log").write_text(WROTE)
    return tmp_path


def test_the_log_to_stderr_and_what_is_printed_to_stdout(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reader = log()
    reader.forward(folder)
    said = capsys.readouterr()
    assert said.err.splitlines() == [LINE, "careful", *RAISED]
    assert said.out.splitlines() == PRINTED
    with (folder / "host.log").open("a") as more:
        more.write("ne\nhost | next")
    reader.forward(folder)
    assert capsys.readouterr().out == "half a line\n"
    reader.forward(folder, over=True)
    said = capsys.readouterr()
    assert (said.err, said.out) == ("", "next\n")


def test_stdout_is_left_to_a_document(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log(err=True).forward(folder)
    said = capsys.readouterr()
    assert said.out == ""
    assert set(PRINTED) < set(said.err.splitlines())


def test_a_file_gets_the_log_and_is_added_to(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "logs" / "run.log"
    for _ in range(2):
        writer = log(file=str(path))
        writer.say("INFO", "Starting Locust 2.47.0")
        writer.forward(folder)
    lines = path.read_text().splitlines()
    assert len(lines) == 2 * (1 + len(LOGGED))
    said = capsys.readouterr()
    assert said.err == "careful\ncareful\n"
    assert said.out.splitlines() == [*PRINTED, *PRINTED]


@pytest.mark.parametrize("file", [None, "logs/run.log"])
def test_a_screen_is_not_written_into(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    file: str | None,
) -> None:
    monkeypatch.chdir(folder)
    log(file=file).forward(folder, on_screen=True)
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "")
    assert file is None or Path(file).read_text().splitlines() == LOGGED


def test_a_line_of_our_own(capsys: pytest.CaptureFixture[str]) -> None:
    log().say("INFO", "Shutting down (exit code 0)")
    log("WARNING").say("INFO", "unheard")
    log(silent=True).say("ERROR", "unheard")
    [line] = capsys.readouterr().err.splitlines()
    assert re.fullmatch(
        r"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\] \S+/INFO/locust.main: "
        r"Shutting down \(exit code 0\)",
        line,
    )


def test_a_run_without_a_log_yet(tmp_path: Path) -> None:
    log().forward(tmp_path)


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(UsageError, match=r"--logfile .*taken/run.log: "):
        log(file=str(tmp_path / "taken" / "run.log"))
