"""Reaches a socket in a run folder, however long the folder's path is.

The kernel refuses a socket path over 107 bytes, so the folder is opened and the socket addressed
through its descriptor: on Linux as `/proc/self/fd/N/control.sock`, elsewhere as `/dev/fd/N/...`
where that works, and else by the plain path.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SOCKET_NAME = "control.sock"
_MAX_PATH = 100
"""Bytes of a socket path that every system takes (the limits are 104 and 108)."""


class HostNotRunning(ConnectionError):
    """The folder has no control socket that answers: the run is over, or its host died."""


@contextmanager
def socket_path(folder: Path, name: str = SOCKET_NAME) -> Iterator[str]:
    """An address for a socket of the folder that is short enough to connect to, for as long as the
    context lasts.

    Raises FileNotFoundError when the folder does not exist.
    """
    plain = os.fspath(folder / name)
    if len(os.fsencode(plain)) <= _MAX_PATH:
        yield plain
        return
    flags = os.O_DIRECTORY | getattr(os, "O_PATH", os.O_RDONLY) | os.O_CLOEXEC
    descriptor = os.open(folder, flags)
    try:
        through = "/proc/self/fd" if Path("/proc/self/fd").is_dir() else "/dev/fd"
        yield f"{through}/{descriptor}/{name}"
    finally:
        os.close(descriptor)


def connect(folder: Path, timeout: float | None = None) -> socket.socket:
    """A blocking stream socket connected to the host of the run in `folder`.

    `timeout` in seconds holds for the connection and for everything read or written later.
    Raises HostNotRunning when there is no folder, no socket, or nobody listening.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout)
        with socket_path(folder) as path:
            connection.connect(path)
    except BaseException as error:
        connection.close()
        if isinstance(error, OSError):
            raise HostNotRunning(f"no running load test answers in {folder}") from error
        raise
    return connection
