"""Where runs are saved: room, and the kind of filesystem."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from loadtui.doctor.disk_checks import folder_of_runs, folder_of_state
from tests.doctor.conftest import Look

Put = Callable[[str, str], Path]


@pytest.mark.parametrize(
    ("kind", "options", "level", "words"),
    [
        ("ext4", "rw,relatime", "ok", "ext4"),
        ("nfs4", "rw", "note", "nfs4, over a network"),
        ("tmpfs", "rw", "note", "tmpfs, in memory"),
        ("ext4", "ro,relatime", "problem", "cannot be written"),
    ],
)
def test_the_kind_of_filesystem(
    put: Put, look: Look, tmp_path: Path, kind: str, options: str, level: str, words: str
) -> None:
    mounts = f"/dev/a / xfs rw 0 0\nbox:/srv {tmp_path} {kind} {options} 0 0\nodd line\n"
    put("proc/self/mounts", mounts)
    finding = look(folder_of_runs)
    assert (finding.level, words in finding.found) == (level, True), finding
    assert level == "ok" or "--runs DIR" in finding.remedy


@pytest.mark.parametrize(("free", "level"), [(9e9, "ok"), (5e8, "note"), (9e6, "problem")])
def test_room(look: Look, monkeypatch: pytest.MonkeyPatch, free: float, level: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert look(folder_of_runs).level == level


def test_the_state_folder(look: Look, tmp_path: Path) -> None:
    assert look(folder_of_state).command == "export XDG_STATE_HOME=DIR"
    assert look(folder_of_state, state=tmp_path / "not" / "yet").level == "ok"
