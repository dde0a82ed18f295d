"""The scripts of `loadtui completion`, in the shells that are installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from loadtui.__main__ import run
from loadtui.cli.shell_names import SHELLS
from tests.support.tools import need_tool

Out = pytest.CaptureFixture[str]


@pytest.fixture
def script(tmp_path: Path, capfd: Out) -> Path:
    """That of bash, in a folder with a program `loadtui` and a run."""
    assert run(["completion", "bash"]) == 0
    path = tmp_path / "script"
    path.write_text(capfd.readouterr().out)
    program = tmp_path / "bin" / "loadtui"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m loadtui "$@"\n')
    program.chmod(0o700)
    (tmp_path / ".loadtui" / "runs" / "20261101-100000-shop-aaaa").mkdir(parents=True)
    return path


def in_bash(script: Path, words: list[str]) -> list[str]:
    """What bash would offer for the last word, through the function that it was told of."""
    asked = f"""
source {script}
function=$(complete -p loadtui | sed 's/.*-F \\([^ ]*\\).*/\\1/')
COMP_WORDS=(loadtui {" ".join(f"'{word}'" for word in words)})
COMP_CWORD={len(words)}
$function loadtui
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    ran = subprocess.run(
        [need_tool("bash"), "--norc", "-c", asked],
        cwd=script.parent,
        env={**os.environ, "PATH": f"{script.parent / 'bin'}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr == ""
    return ran.stdout.split()


def test_bash_offers_commands_options_and_runs(script: Path) -> None:
    assert in_bash(script, ["runs", "ver"]) == ["verify"]
    assert in_bash(script, ["doctor", "--no"]) == ["--no-self-test"]
    assert in_bash(script, ["report", ""]) == ["latest", "20261101-100000-shop-aaaa"]


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_can_read_its_script(shell: str, tmp_path: Path, capfd: Out) -> None:
    assert run(["completion", shell]) == 0
    script = tmp_path / "script"
    script.write_text(capfd.readouterr().out)
    assert f"_LOADTUI_COMPLETE={shell}_complete" in script.read_text()
    ran = subprocess.run(
        [need_tool(shell), "-n", str(script)], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_another_shell_is_refused(capfd: Out) -> None:
    assert run(["completion", "tcsh"]) == 2
    assert "'bash'" in capfd.readouterr().err
