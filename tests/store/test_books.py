"""The books of a run's workers."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from loadtui.store.books import BOOKS, OPEN, PageCounts, make_books, read_books


def test_a_folder_without_books_has_no_pages(tmp_path: Path) -> None:
    assert read_books(tmp_path) == []


def test_what_a_killed_process_wrote_is_read(tmp_path: Path) -> None:
    pages = make_books(tmp_path, 2)
    pid = os.fork()
    if pid == 0:
        pages[1][0] += 3 * OPEN
        pages[1][0] += 1 - OPEN
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)

    assert read_books(tmp_path) == [PageCounts(0, 0), PageCounts(open=2, recorded=1)]
    assert (tmp_path / BOOKS).stat().st_size == 128
