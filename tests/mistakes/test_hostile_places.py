"""Commands whose streams, terminal or environment are not what one expects: each still ends, says
what it has to say, and never shows a traceback."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

ENDS_WITHIN_S = 60.0
COMMAND = f"{shlex.quote(sys.executable)} -m loadtui"
NOTHING_TO_RUN = "loadtui: error: nothing to run: give a plan (.toml) or a locustfile (.py)"


def shell(
    line: str, folder: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """`LOADTUI` in the line stands for the command."""
    return subprocess.run(
        ["sh", "-c", line.replace("LOADTUI", COMMAND)],
        cwd=folder,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=ENDS_WITHIN_S,
        check=False,
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("LOADTUI runs >&-", 0),
        ("LOADTUI status >&- 2>&-", 0),
        ("LOADTUI --help <&- >&- 2>&-", 0),
        ("LOADTUI run 2>&-", 2),
        ("LOADTUI run <&- >&- 2>&-", 2),
        ("LOADTUI run 2>/dev/full", 2),
    ],
)
def test_a_closed_stream_is_as_good_as_none(line: str, code: int, tmp_path: Path) -> None:
    done = shell(line, tmp_path)
    assert done.returncode == code
    assert "error" not in done.stdout + done.stderr


def test_a_file_is_not_written_where_the_closed_output_was(tmp_path: Path) -> None:
    (tmp_path / "s.md").write_text("<!-- loadtui-status -->\n<!-- /loadtui-status -->\n")
    assert shell("LOADTUI status --write s.md <&- >&- 2>&-", tmp_path).returncode == 0
    assert (tmp_path / "s.md").read_text().startswith("<!-- loadtui-status -->\n")


def test_a_full_disk_under_the_output_is_told(tmp_path: Path) -> None:
    done = shell("LOADTUI run --help >/dev/full", tmp_path)
    assert done.returncode == 2
    assert done.stderr == (
        "loadtui: error: what it prints cannot be written: No space left on device\n"
    )


@pytest.mark.parametrize(
    "env",
    [
        {"TERM": "dumb"},
        {"TERM": ""},
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
        {"HOME": "/nonexistent", "XDG_STATE_HOME": ""},
        {"COLUMNS": "0"},
        {"COLUMNS": "x"},
        {"NO_COLOR": "1", "PYTHONOPTIMIZE": "2"},
    ],
    ids=str,
)
def test_the_same_is_said_in_a_poor_environment(env: dict[str, str], tmp_path: Path) -> None:
    done = shell("LOADTUI run; LOADTUI --help", tmp_path, env)
    assert done.returncode == 0
    assert done.stderr.startswith(NOTHING_TO_RUN)
    assert done.stderr.count("\n") == 1
    assert "Examples:" in done.stdout


def test_ctrl_c_while_it_is_imported_is_a_sentence_and_130(tmp_path: Path) -> None:
    """Sent as soon as the entry point answers for it; Python's own start lies before that."""
    wait = "import loadtui.__main__ as m, sys, signal, time; "
    code = wait + "signal.signal(2, m._interrupted_early); print('ready', flush=True); "
    process = subprocess.Popen(
        [sys.executable, "-c", f"{code}time.sleep({ENDS_WITHIN_S:g})"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=ENDS_WITHIN_S)
    assert process.returncode == 130
    assert said == "loadtui: interrupted before anything was started\n"


def test_ctrl_c_at_any_moment_of_the_start_leaves_no_run(tmp_path: Path) -> None:
    (tmp_path / "locustfile.py").write_text("import time\ntime.sleep(60)\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "loadtui", "run", "locustfile.py", "-H", "http://127.0.0.1:9"],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + ENDS_WITHIN_S
    while not (tmp_path / ".loadtui").exists() and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=ENDS_WITHIN_S)
    assert process.returncode == 130
    assert said == (
        "loadtui: interrupted before the run started: nothing was sent, and nothing is saved\n"
    )
    assert list((tmp_path / ".loadtui" / "runs").iterdir()) == []
