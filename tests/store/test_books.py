"""The books of a run's workers."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from loadtui.store.books import BEGUN, BOOKS, DROPPED, RECORDED, PageCounts, make_books, read_books


def test_a_folder_without_books_has_no_pages(tmp_path: Path) -> None:
    assert read_books(tmp_path) == []


def test_what_a_killed_process_wrote_is_read(tmp_path: Path) -> None:
    pages = make_books(tmp_path, 2)
    pid = os.fork()
    if pid == 0:
        pages[1][BEGUN], pages[1][RECORDED], pages[1][DROPPED] = 5, 2, 1
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)

    untouched, written = read_books(tmp_path)
    assert untouched == PageCounts(0, 0, 0)
    assert written == PageCounts(begun=5, recorded=2, dropped=1)
    assert (written.started, written.open) == (4, 2)
    assert (tmp_path / BOOKS).stat().st_size == 128
