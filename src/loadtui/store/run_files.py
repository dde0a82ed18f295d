"""Names of a run's files, and writing them so that a crash leaves the old one or the new one."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from loadtui.plain_file import open_plain, read_plain

MANIFEST = "manifest.json"
SAMPLES = "samples.parquet"
WINDOWS = "windows.parquet"
TIMELINE = "timeline.parquet"
METRICS = "metrics.parquet"
ERRORS = "errors.parquet"
EXCEPTIONS = "exceptions.json"
JOURNAL = "journal.bin"
LOCK = "host.lock"
SOCKET = "control.sock"
HOST_LOG = "host.log"

TABLES = (SAMPLES, WINDOWS, TIMELINE, METRICS, ERRORS)


def write_atomically(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Let `write` fill a temporary file beside `path`, make it durable, and put it in place.

    A link that lies there is replaced, and none is followed.  Raises whatever `write` raises, and
    OSError; the file at `path` is then what it was.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(temporary, flags, 0o666), "wb") as file:
        try:
            write(file)
            file.flush()
            os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
    # It is in place and whole; where this fails, a power failure may bring the old one back.
    with contextlib.suppress(OSError):
        _sync(path.parent)


def write_bytes(path: Path, data: bytes) -> None:
    """Put a file of these bytes in place atomically."""
    write_atomically(path, lambda file: file.write(data))


def can_be_written(folder: Path, size: int) -> bool:
    """Whether a folder takes a file of so many bytes."""
    probe = folder / f".probe.{secrets.token_hex(8)}.tmp"
    try:
        write_bytes(probe, bytes(size))
    except OSError:
        return False
    finally:
        with contextlib.suppress(OSError):
            probe.unlink()
    return True


def read_noted(path: Path, most: int, digest: str | None) -> bytes:
    """The bytes of a file, whose hex digest was noted as `digest`; None: nobody noted it.

    Raises OSError as `read_plain`, and ValueError for another file than was written.
    """
    data = read_plain(path, most)
    if digest is not None and hashlib.sha256(data).hexdigest() != digest:
        raise ValueError("its checksum differs from the one that was noted")
    return data


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    with open_plain(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
