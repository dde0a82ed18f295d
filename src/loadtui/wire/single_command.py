"""One command, one reply, without an event loop: what `stop`, `users` and `mark` need."""

from __future__ import annotations

import time
from pathlib import Path
from socket import socket

from loadtui.wire.frames import HEADER, body_length, pack, unpack_pushed
from loadtui.wire.messages import Command, Reply
from loadtui.wire.socket_address import HostNotRunning, connect


def call(folder: Path, command: Command, timeout: float = 5.0) -> Reply:
    """Send `command` to the host of the run in `folder` and return its reply.

    Raises NobodyThere when no host answers there or it goes away first, TimeoutError when it takes
    longer than `timeout` seconds in all.
    """
    deadline = time.monotonic() + timeout
    with connect(folder, timeout) as door:
        door.sendall(pack(command))
        while True:
            header = _read(door, HEADER.size, deadline)
            pushed = unpack_pushed(_read(door, body_length(header), deadline))
            if pushed.reply is not None and pushed.reply.id == command.id:
                return pushed.reply


def _read(door: socket, size: int, deadline: float) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the run's host did not answer in time")
        door.settimeout(left)
        part = door.recv(size - len(parts))
        if not part:
            raise HostNotRunning("the run's host went away before it answered")
        parts += part
    return bytes(parts)
