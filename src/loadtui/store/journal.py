"""The journal: what a run recorded, appended while it runs, so that a killed host loses nothing.

A file of frames: kind (1 byte), length (4, little endian), crc32 of the body (4), body.  A torn
last frame, as a crash leaves it, ends the reading without an error.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

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

_HEADER = struct.Struct("<cII")


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
    """Appends frames.  `append` only buffers; `flush` writes, `sync` makes it durable."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._pending: list[bytes] = []

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

    def sync(self) -> None:
        """Flush to the disk itself; blocks, so call it in a thread."""
        os.fsync(self._fd)

    def close(self) -> None:
        self.flush()
        os.close(self._fd)


def read_frames(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """(kind, body) of every whole frame, in order; stops before a torn or damaged one."""
    with open_plain(path) as file:
        left = os.fstat(file.fileno()).st_size
        while len(header := file.read(_HEADER.size)) == _HEADER.size:
            kind, length, crc = _HEADER.unpack(header)
            left -= _HEADER.size + length
            if left < 0:
                return
            body = file.read(length)
            if len(body) < length or zlib.crc32(body) != crc:
                return
            yield kind, body
