"""The commit a run was made from, as git tells it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from loadtui.launch.git_state import git_state, place_in_checkout

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    return subprocess.run(
        ["git", "-C", folder, *who, *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_commit_and_dirtiness_of_a_checkout(tmp_path: Path) -> None:
    assert git_state(tmp_path) is None
    git(tmp_path, "init", "-q")
    assert git_state(tmp_path) is None, "no commit yet"
    (tmp_path / "kept.py").write_text("a = 1\n")
    git(tmp_path, "add", "kept.py")
    git(tmp_path, "commit", "-q", "-m", "first")
    (tmp_path / "untracked.py").write_text("")
    below = tmp_path / "below"
    below.mkdir()
    state = git_state(below)
    assert state is not None
    assert (state.commit, state.dirty) == (git(tmp_path, "rev-parse", "HEAD"), False)
    (tmp_path / "kept.py").write_text("a = 2\n")
    dirty = git_state(below)
    assert dirty is not None
    assert (dirty.commit, dirty.dirty) == (state.commit, True)


def test_the_place_of_a_folder_in_its_checkout(tmp_path: Path) -> None:
    below = tmp_path / "services" / "my àpi"
    below.mkdir(parents=True)
    assert place_in_checkout(below) == ""
    git(tmp_path, "init", "-q")
    assert place_in_checkout(tmp_path) == ""
    assert place_in_checkout(below) == "services/my àpi"


def test_no_git_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_state(tmp_path) is None
