from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.store import journal
from loadtui.store.journal import JournalWriter

FRAMES = [(journal.STAGE, b"one"), (journal.DELTA, b""), (journal.DELTA, bytes(range(40)))]


def written(path: Path) -> bytes:
    writer = JournalWriter(path)
    for kind, body in FRAMES:
        writer.append(kind, body)
    writer.close()
    return path.read_bytes()


def test_frames_come_back_in_order(tmp_path: Path) -> None:
    path = tmp_path / "journal.bin"
    written(path)
    assert list(journal.read_frames(path)) == FRAMES


def test_torn_at_any_byte_it_reads_up_to_the_last_whole_frame(tmp_path: Path) -> None:
    path = tmp_path / "journal.bin"
    data = written(path)
    ends = [9 + 3, 9 + 3 + 9, len(data)]
    for cut in range(len(data) + 1):
        path.write_bytes(data[:cut])
        assert list(journal.read_frames(path)) == FRAMES[: sum(cut >= end for end in ends)]


@given(at=st.integers(0, 69), flip=st.integers(1, 255), tail=st.binary(max_size=20))
def test_a_damaged_byte_never_gives_a_wrong_body(
    tmp_path_factory: pytest.TempPathFactory, at: int, flip: int, tail: bytes
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.bin"
    data = bytearray(written(path) + tail)
    data[at] ^= flip
    path.write_bytes(data)
    bodies = [body for _, body in journal.read_frames(path)]
    assert bodies[:3] in [[body for _, body in FRAMES[:count]] for count in range(4)]


def test_an_announced_length_past_the_end_allocates_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.bin"
    path.write_bytes(b"D" + b"\xff" * 8)
    assert list(journal.read_frames(path)) == []


def test_nothing_is_written_before_a_flush(tmp_path: Path) -> None:
    path = tmp_path / "journal.bin"
    writer = JournalWriter(path)
    writer.append(journal.MARK, b"x")
    assert path.stat().st_size == 0
    writer.flush()
    writer.sync()
    assert list(journal.read_frames(path)) == [(journal.MARK, b"x")]
    writer.close()


def test_after_a_full_disk_the_journal_goes_on_in_the_middle_of_the_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal.bin"
    writer = JournalWriter(path)
    writer.append(journal.DELTA, b"first")
    real = os.write
    room = [7]

    def short_write(fd: int, data: bytes) -> int:
        if not room[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        count = real(fd, bytes(data)[: room[0]])
        room[0] -= count
        return count

    monkeypatch.setattr("loadtui.store.journal.os.write", short_write)
    with pytest.raises(OSError, match="No space"):
        writer.flush()
    monkeypatch.undo()
    writer.append(journal.DELTA, b"second")
    writer.close()
    assert list(journal.read_frames(path)) == [
        (journal.DELTA, b"first"),
        (journal.DELTA, b"second"),
    ]
