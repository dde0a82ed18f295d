from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.store import journal
from loadtui.store.journal import JournalWriter

FRAMES = [
    (journal.STAGE_FRAME, b"one"),
    (journal.DELTA_FRAME, b""),
    (journal.DELTA_FRAME, bytes(range(40))),
]


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


def test_damage_before_the_end_is_told_and_a_torn_end_is_not(tmp_path: Path) -> None:
    path = tmp_path / "journal.bin"
    data = written(path)
    told: list[tuple[int, int]] = []
    for cut in range(len(data) + 1):
        path.write_bytes(data[:cut])
        list(journal.read_frames(path, lambda at, unread: told.append((at, unread))))
    assert told == []
    for at in (9, 11):
        path.write_bytes(data[:at] + b"?" + data[at + 1 :])
        list(journal.read_frames(path, lambda at, unread: told.append((at, unread))))
    assert told == [(0, len(data))] * 2
    path.write_bytes(data[:13] + b"\xff" * 8 + bytes(5_000_000))  # a length past the end
    list(journal.read_frames(path, lambda at, unread: told.append((at, unread))))
    assert told[-1] == (12, 5_000_009)


@pytest.mark.parametrize("length", [2, 200, 2**31])
def test_a_length_that_is_wrong_is_damage_where_a_frame_follows(
    tmp_path: Path, length: int
) -> None:
    path = tmp_path / "journal.bin"
    data = bytearray(written(path))
    data[1:5] = length.to_bytes(4, "little")
    path.write_bytes(data)
    told: list[tuple[int, int]] = []
    frames = journal.read_frames(path, lambda at, unread: told.append((at, unread)))
    assert list(frames) == []
    assert told == [(0, len(data))]


@pytest.mark.parametrize("size", [100, 3_000_000])
def test_a_copy_from_a_disk_that_reads_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    writer = JournalWriter(tmp_path / "journal.bin")
    for number in range(10):
        writer.append(journal.DELTA_FRAME, bytes([number]) * (size // 10))
        writer.flush()
    writer.append(journal.MARK_FRAME, b"pending")

    def unreadable(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("loadtui.store.journal.os.pread", unreadable)
    descriptor = os.open(tmp_path / "copy", os.O_WRONLY | os.O_CREAT)
    writer.copy_to(descriptor)
    os.close(descriptor)
    frames = list(journal.read_frames(tmp_path / "copy"))
    assert [body[:1] for _, body in frames] == [*map(bytes, zip(range(10))), b"p"]
    assert sum(len(body) for _, body in frames) == size + len(b"pending")


def test_an_announced_length_past_the_end_allocates_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.bin"
    path.write_bytes(b"D" + b"\xff" * 8)
    assert list(journal.read_frames(path)) == []


def test_nothing_is_written_before_a_flush(tmp_path: Path) -> None:
    path = tmp_path / "journal.bin"
    writer = JournalWriter(path)
    writer.append(journal.MARK_FRAME, b"x")
    assert path.stat().st_size == 0
    writer.flush()
    writer.sync()
    assert list(journal.read_frames(path)) == [(journal.MARK_FRAME, b"x")]
    writer.close()


def test_after_a_full_disk_the_journal_goes_on_in_the_middle_of_the_frame(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal.bin"
    writer = JournalWriter(path)
    writer.append(journal.DELTA_FRAME, b"first")
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
    writer.append(journal.DELTA_FRAME, b"second")
    writer.close()
    assert list(journal.read_frames(path)) == [
        (journal.DELTA_FRAME, b"first"),
        (journal.DELTA_FRAME, b"second"),
    ]
