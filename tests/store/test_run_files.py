"""Files that are put in place in one step."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

import pytest

from loadtui.store.run_files import can_be_written, sha256, write_atomically, write_bytes


def test_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(b"old")

    def fails(file: BinaryIO) -> None:
        file.write(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_atomically(path, fails)
    assert path.read_bytes() == b"old"
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["manifest.json"]


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "issue.md").symlink_to(tmp_path / "precious")
    write_bytes(tmp_path / "issue.md", b"issue")
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert not (tmp_path / "issue.md").is_symlink()
    assert (tmp_path / "issue.md").read_bytes() == b"issue"


def test_a_temporary_file_that_lies_there_is_none_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loadtui.store.run_files.secrets.token_hex", lambda _: "guessed")
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / ".a.guessed.tmp").symlink_to(tmp_path / "precious")
    with pytest.raises(FileExistsError):
        write_bytes(tmp_path / "a", b"new")
    assert (tmp_path / "precious").read_bytes() == b"precious"


def test_whether_a_folder_takes_a_file(tmp_path: Path) -> None:
    assert can_be_written(tmp_path, 1000)
    assert not can_be_written(tmp_path / "missing", 1000)
    assert list(tmp_path.iterdir()) == []


def test_the_digest_of_a_pipe_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="no plain file"):
        sha256(tmp_path / "pipe")


def test_a_folder_that_cannot_be_synced_keeps_no_file_from_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def files_only(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(5, "Input/output error")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", files_only)
    path = tmp_path / "manifest.json"
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
