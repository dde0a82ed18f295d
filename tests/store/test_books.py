"""The books of a run's workers."""

from __future__ import annotations

import errno
import os
import re
import signal
import struct
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.store.books import (
    BEGUN,
    BOOKS,
    DROPPED,
    LATE,
    RECORDED,
    PageCounts,
    make_books,
    read_books,
)


def test_a_folder_without_books_has_no_pages(tmp_path: Path) -> None:
    assert read_books(tmp_path) == []


def test_what_a_killed_process_wrote_is_read(tmp_path: Path) -> None:
    pages = make_books(tmp_path, 2)
    pid = os.fork()
    if pid == 0:
        pages[1][BEGUN], pages[1][RECORDED], pages[1][DROPPED], pages[1][LATE] = 8, 2, 1, 3
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)

    untouched, written = read_books(tmp_path)
    assert untouched == PageCounts(0, 0, 0)
    assert written == PageCounts(begun=8, recorded=2, dropped=1, late=3)
    assert (written.started, written.open) == (4, 2)
    assert (tmp_path / BOOKS).stat().st_size == 128


def test_books_that_no_worker_wrote_are_not_believed(tmp_path: Path) -> None:
    pages = [(5, 2, 1), (1, 2, 0), (-1, 0, 0), (2, -1, 0)]
    data = b"".join(struct.pack("<3q40x", *page) for page in pages)
    (tmp_path / BOOKS).write_bytes(data + b"half a page")
    assert read_books(tmp_path) == [PageCounts(5, 2, 1), None, None, None]


def test_a_pipe_or_a_link_in_their_place_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / BOOKS)
    assert read_books(tmp_path) == []
    (tmp_path / BOOKS).unlink()
    (tmp_path / "elsewhere").write_bytes(bytes(64))
    (tmp_path / BOOKS).symlink_to(tmp_path / "elsewhere")
    assert read_books(tmp_path) == []


def test_a_folder_that_takes_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"{re.escape(str(tmp_path))}/gone/{BOOKS} cannot be"):
        make_books(tmp_path / "gone", 1)


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(UsageError, match="No space left on device; free some space"):
        make_books(tmp_path, 1)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_removed_takes_nobody_down(tmp_path: Path) -> None:
    [page] = make_books(tmp_path, 1)
    (tmp_path / BOOKS).unlink()
    page[BEGUN] += 1
    assert page[BEGUN] == 1
    assert read_books(tmp_path) == []
