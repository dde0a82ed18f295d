"""The journal of a run whose disk fails."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.engine.host.run_journal import RunJournal
from loadtui.store.disk_reserve import RESERVE
from loadtui.store.journal import DELTA_FRAME, MARK_FRAME, read_frames
from loadtui.store.run_files import JOURNAL


class Told(list[str]):
    """The reasons that were told."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "run"
    made.mkdir()
    return made


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def journal(folder: Path, told: Told) -> RunJournal:
    made = RunJournal(folder)
    made.on_error = told.append
    return made


@contextlib.contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """As on a disk that is full: the kernel writes up to there, and no byte more."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def put(journal: RunJournal, *bodies: bytes) -> None:
    for body in bodies:
        journal.append(DELTA_FRAME, body)
        journal.flush()


def copied(journal: RunJournal, to: Path) -> list[tuple[bytes, bytes]]:
    """The frames of a copy."""
    descriptor = os.open(to, os.O_WRONLY | os.O_CREAT)
    journal.copy_to(descriptor)
    os.close(descriptor)
    return list(read_frames(to))


def test_on_a_good_disk_it_is_an_ordinary_journal(
    journal: RunJournal, folder: Path, told: Told
) -> None:
    put(journal, b"one", b"two")
    journal.sync()
    journal.look()
    assert list(read_frames(folder / JOURNAL)) == [(DELTA_FRAME, b"one"), (DELTA_FRAME, b"two")]
    assert (journal.error, journal.in_memory, told) == ("", False, [])


def test_a_full_disk_is_told_once_and_nothing_is_lost(
    journal: RunJournal, folder: Path, told: Told, tmp_path: Path
) -> None:
    with files_no_longer_than(40):
        put(journal, b"x" * 20, b"y" * 20, b"z" * 20)
    put(journal, b"last")
    reason = "a file of the run may not grow any more (File too large): raise `ulimit -f`"
    assert (told, journal.error, journal.in_memory) == ([reason], reason, True)
    assert not (folder / RESERVE).exists()
    assert [body[:1] for _, body in read_frames(folder / JOURNAL)] == [b"x"]
    copy = copied(journal, tmp_path / "copy")
    assert [body for _, body in copy] == [b"x" * 20, b"y" * 20, b"z" * 20, b"last"]


def test_with_the_room_that_was_held_it_goes_on(
    journal: RunJournal, folder: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full but for the reserve."""
    real = os.write

    def write(descriptor: int, data: bytes) -> int:
        if (folder / RESERVE).exists():
            raise OSError(28, "No space left on device")
        return real(descriptor, data)

    monkeypatch.setattr("loadtui.store.journal.os.write", write)
    put(journal, b"one", b"two")
    assert len(told) == 1
    assert not journal.in_memory
    assert len(list(read_frames(folder / JOURNAL))) == 2


def test_a_folder_that_was_removed(
    journal: RunJournal, folder: Path, told: Told, tmp_path: Path
) -> None:
    put(journal, b"before")
    shutil.rmtree(folder)
    put(journal, b"after")
    journal.sync()
    assert told == []  # a thread does not tell
    journal.look()
    put(journal, b"last")
    assert told == ["its folder was removed while it was running"]
    assert [body for _, body in copied(journal, tmp_path / "copy")] == [
        b"before",
        b"after",
        b"last",
    ]


def test_another_file_in_its_place(journal: RunJournal, folder: Path, told: Told) -> None:
    (folder / JOURNAL).rename(folder / "moved")
    (folder / JOURNAL).write_bytes(b"")
    journal.sync()
    journal.look()
    assert len(told) == 1


def test_a_copy_that_cannot_be_written(journal: RunJournal, tmp_path: Path) -> None:
    journal.append(MARK_FRAME, b"x" * 100)
    descriptor = os.open(tmp_path / "copy", os.O_WRONLY | os.O_CREAT)
    with files_no_longer_than(50), pytest.raises(OSError, match="too large"):
        journal.copy_to(descriptor)
    os.close(descriptor)
