"""Removing a run removes this run and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.store.removal import remove_run
from loadtui.store.run_lock import hold_run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("first", "second"):
        (tmp_path / "runs" / name / "inside").mkdir(parents=True)
    return tmp_path / "runs"


def test_the_others_stay(root: Path) -> None:
    remove_run(root, root / "first")
    assert [path.name for path in root.iterdir()] == ["second"]


def test_a_running_run_is_left_alone(root: Path) -> None:
    descriptor = hold_run(root / "first")
    try:
        with pytest.raises(UsageError, match=r"still running.*loadtui stop first"):
            remove_run(root, root / "first")
    finally:
        os.close(descriptor)
    assert (root / "first").exists()


def test_a_folder_elsewhere_is_left_alone(root: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (root / "link").symlink_to(tmp_path / "precious")
    for folder in (tmp_path / "precious", root / "link", root, root / "first" / "inside"):
        with pytest.raises(UsageError, match="left alone"):
            remove_run(root, folder)
        assert folder.exists()


def test_what_is_gone_cannot_be_removed(root: Path) -> None:
    with pytest.raises(UsageError, match="third cannot be removed: No such file"):
        remove_run(root, root / "third")
