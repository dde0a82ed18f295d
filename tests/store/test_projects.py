from __future__ import annotations

import os
import pwd
import tempfile
from pathlib import Path

import pytest

from loadtui.store.projects import known_roots, state_home
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


def test_a_user_without_a_home_has_a_folder_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("XDG_STATE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)  # nobody is in the list of users
    create_run_folder(tmp_path / "runs", "one")
    assert known_roots() == [tmp_path / "runs"]
    own = tmp_path / f"loadtui-{os.getuid()}"
    assert own.stat().st_mode & 0o777 == 0o700
    monkeypatch.setattr(os, "getuid", lambda: own.stat().st_uid + 1)
    assert not (tmp_path / f"loadtui-{os.getuid()}").exists()
    (tmp_path / f"loadtui-{os.getuid()}").mkdir()  # by another user
    assert known_roots() == []


def test_a_link_in_the_place_of_that_folder_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("XDG_STATE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / f"loadtui-{os.getuid()}").symlink_to("elsewhere")
    create_run_folder(tmp_path / "runs", "one")
    assert [*(tmp_path / "elsewhere").iterdir()] == []
    with pytest.raises(PermissionError, match="is a link"):
        state_home()
