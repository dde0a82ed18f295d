"""The journal: what a run recorded, appended while it runs, so that a killed host loses nothing.

A file of frames: kind (1 byte), length (4, little endian), crc32 of the body (4), body.  A torn
last frame, as a crash leaves it, ends the reading without a word; other damage is told.
"""

from __future__ import annotations

import errno
import mmap
import os
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from loadtui.plain_file import open_plain

DELTA_FRAME = b"D"
"""Body: a worker's Delta exactly as it came (samples.delta)."""
STAGE_FRAME = b"S"
"""Body: msgpack of StageBegan."""
SECOND_FRAME = b"T"
"""Body: msgpack of TimelineRow."""
MARK_FRAME = b"M"
"""Body: msgpack of store.manifest.Mark."""

_COPIED = 1 << 20
_IN_MEMORY = 1 << 18
"""Bytes of what was written last that stay in memory."""
_LONGEST_TORN = 1 << 22
"""Bytes of a frame that could not be finished: those of a quarter of a second."""
_HEADER = struct.Struct("<cII")
_KINDS = re.compile(b"[" + DELTA_FRAME + STAGE_FRAME + SECOND_FRAME + MARK_FRAME + b"]")


class StageBegan(msgspec.Struct, array_like=True):
    """A stage started at a whole second of the run."""

    name: str
    start: int
    users: int | dict[str, int]
    spawn_rate: float
    ramp_s: float
    planned_s: float | None
    """Planned length, None when open-ended."""


class WorkerSecond(NamedTuple):
    index: int  # type: ignore[assignment]  # a field, not tuple.index
    cpu: float
    wait: float
    lag_ms: float


class TimelineRow(msgspec.Struct, array_like=True):
    """One second of the run as the host saw it when the second had passed."""

    second: int
    stage: int
    users: int
    completed: int
    failed: int
    in_flight: int
    workers: list[WorkerSecond]


class JournalWriter:
    """Appends frames.  `append` only buffers; `flush` writes, `sync` makes it durable.

    What was written can be copied even from a disk that reads no more: the newest of it is in
    memory, and the rest mapped, so that the system's cache has it as a rule.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        self._fd = os.open(path, flags, 0o600)
        self._pending: list[bytes] = []
        self._newest: list[bytes] = []
        """What was written last: all that is not mapped."""
        self._map: mmap.mmap | None = None
        self._mapped = 0
        """Bytes of the file that are not in memory."""
        self._map_file(os.fstat(self._fd).st_size)

    def append(self, kind: bytes, body: bytes) -> None:
        self._pending.append(_HEADER.pack(kind, len(body), zlib.crc32(body)))
        self._pending.append(body)

    def flush(self) -> None:
        """Write what is pending to the kernel; OSError when the disk is full.

        What was not written stays pending, so that a later flush goes on in the middle of a frame
        instead of leaving a torn one behind.
        """
        if not self._pending:
            return
        data = memoryview(b"".join(self._pending))
        written = 0
        try:
            while written < len(data):
                written += os.write(self._fd, data[written:])
        finally:
            self._pending = [bytes(data[written:])] if written < len(data) else []
            if written:
                self._note_written(bytes(data[:written]))

    def _note_written(self, data: bytes) -> None:
        self._newest.append(data)
        if sum(map(len, self._newest)) > _IN_MEMORY:
            self._map_file(self._mapped + sum(map(len, self._newest)))

    def _map_file(self, size: int) -> None:
        """Take the first bytes of the file, so many, as safe without memory of our own."""
        try:
            self._map = mmap.mmap(self._fd, size, prot=mmap.PROT_READ) if size else None
        except (OSError, ValueError):
            return  # later: until then it stays in memory
        self._mapped, self._newest = size, []

    def sync(self) -> None:
        """Flush to the disk itself; blocks, so call it in a thread."""
        os.fsync(self._fd)

    @property
    def size(self) -> int:
        """Bytes that were written."""
        return os.fstat(self._fd).st_size

    def check_there(self) -> None:
        """Raises OSError when the file at its path is gone, or another one: what is written is in
        no folder then."""
        if not os.path.samestat(os.fstat(self._fd), self._path.lstat()):
            raise FileNotFoundError(errno.ENOENT, "it was removed", str(self._path))

    def copy_to(self, descriptor: int) -> None:
        """Write what the file holds, and what is pending, to a descriptor; OSError."""
        at = 0
        while at < self._mapped:
            # The system writes from the map where it can, and says so where it cannot.
            chunk = self._read(at) or memoryview(self._map or b"")[at : at + _COPIED]
            _write_all(descriptor, chunk)
            at += len(chunk)
        _write_all(descriptor, b"".join([*self._newest, *self._pending]))

    def _read(self, at: int) -> bytes:
        """Some of the mapped bytes, from there on; empty where they cannot be read."""
        try:
            return os.pread(self._fd, min(_COPIED, self._mapped - at), at)
        except OSError:
            return b""

    def close(self) -> None:
        self.flush()
        os.close(self._fd)


def _write_all(descriptor: int, data: bytes | memoryview) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def read_frames(
    path: Path, damaged: Callable[[int, int], object] = lambda at, unread: None
) -> Iterator[tuple[bytes, bytes]]:
    """(kind, body) of every whole frame, in order; stops before a torn or damaged one.

    `damaged` is told where that is, in bytes from the beginning, and how many bytes were not read,
    when there is more than a frame that was being written as the host was killed.
    """
    with open_plain(path) as file:
        size = os.fstat(file.fileno()).st_size
        at = 0
        while len(header := file.read(_HEADER.size)) == _HEADER.size:
            kind, length, crc = _HEADER.unpack(header)
            end = at + _HEADER.size + length
            body = file.read(length) if end <= size else b""
            if end > size or zlib.crc32(body) != crc:
                if size > end or size - at > _LONGEST_TORN or _holds_frame(file, at + 1):
                    damaged(at, size - at)
                return
            yield kind, body
            at = end


def _holds_frame(file: BinaryIO, at: int) -> bool:
    """Whether a whole frame begins somewhere from there on, in what is no longer than the longest
    torn one: the length that the frame before it has by its header is wrong then."""
    file.seek(at)
    rest = memoryview(file.read(_LONGEST_TORN))
    for found in _KINDS.finditer(rest, 0, max(len(rest) - _HEADER.size + 1, 0)):
        _, length, crc = _HEADER.unpack_from(rest, found.start())
        body = rest[found.end() + _HEADER.size - 1 :]
        if 0 < length <= len(body) and zlib.crc32(body[:length]) == crc:
            return True
    return False
