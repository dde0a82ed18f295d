"""Files that a person named."""

from __future__ import annotations

import errno
import os
import stat
import threading
from pathlib import Path

import pytest

from loadtui.store.output_file import write_output


def test_a_new_file(tmp_path: Path) -> None:
    write_output(tmp_path / "report.json", b"{}")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [
        ("report.json", b"{}")
    ]
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    assert (tmp_path / "report.json").stat().st_mode == plain.stat().st_mode


def test_what_lies_there_keeps_its_permissions_and_its_links(tmp_path: Path) -> None:
    file, link = tmp_path / "private", tmp_path / "link"
    file.write_bytes(b"a longer one")
    file.chmod(0o640)
    link.symlink_to(file)
    write_output(link, b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_link_to_a_file_that_is_not_there_yet(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_output(tmp_path / "link", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"


def test_on_a_disk_that_is_full_the_old_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "report.json"
    file.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("loadtui.store.run_files.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_output(file, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]
    assert file.read_bytes() == b"old"


def test_in_a_folder_that_takes_no_other_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "report.json"
    file.write_bytes(b"old")

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("loadtui.store.output_file.write_atomically", refuse)
    write_output(file, b"new")
    assert file.read_bytes() == b"new"
    with pytest.raises(PermissionError):
        write_output(tmp_path / "another", b"new")


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_output(pipe, b"data")
    reader.join(10)
    assert got == [b"data"]
    assert pipe.is_fifo()
