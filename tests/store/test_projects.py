from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.store.projects import known_roots
from loadtui.store.run_folder import create_run_folder


def test_folders_of_runs_are_remembered_while_they_exist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert known_roots() == []
    for name in ("b", "a", "a"):
        create_run_folder(tmp_path / name, f"run-{len(list(tmp_path.iterdir()))}-{name}")
    assert known_roots() == [tmp_path / "a", tmp_path / "b"]
    (tmp_path / "b").rename(tmp_path / "c")
    assert known_roots() == [tmp_path / "a"]


def test_a_home_that_cannot_be_written_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    create_run_folder(tmp_path / "runs", "one")
    assert known_roots() == []
