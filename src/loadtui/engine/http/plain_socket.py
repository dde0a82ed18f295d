"""Sending and receiving on gevent's sockets with as few system calls as can be.

Both clients use it on TCP connections without TLS.
"""

from __future__ import annotations

import select
from typing import Any

import gevent.monkey

from loadtui.engine.http.deadlines import Deadlines

RECEIVE_BUFFER_BYTES = 256 * 1024

_buffer = bytearray(RECEIVE_BUFFER_BYTES)
_view = memoryview(_buffer)
# gevent's patched select would run the event loop; whether a socket is readable now is one syscall.
_poll = gevent.monkey.get_original("select", "poll")


def idle_poll(sock: Any) -> Any:
    """A poll object for this socket: `poll(0)` is empty while nothing has arrived there."""
    poll = _poll()
    poll.register(sock.fileno(), select.POLLIN)
    return poll


def send_request(sock: Any, raw: Any, data: bytes) -> None:
    """Send it all through `sock`, a socket of gevent's over `raw`.  Raises OSError."""
    try:
        sent = raw.send(data)
    except BlockingIOError:
        sent = 0
    if sent != len(data):
        sock.sendall(memoryview(data)[sent:])


def receive(
    sock: Any, raw: Any, watcher: Any, timeout: float | None, deadlines: Deadlines
) -> memoryview:
    """What arrives next, within `timeout` seconds; empty at the end of the connection.

    To be used before another greenlet runs, since all sockets share the buffer.  Raises OSError.
    """
    while True:
        if timeout is None:
            sock.hub.wait(watcher)
        else:
            deadlines.wait(sock, watcher, timeout)
        try:
            return _view[: raw.recv_into(_buffer)]
        except BlockingIOError:
            continue
