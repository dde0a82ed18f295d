"""The self-test's target, a process of its own: `python -m loadtui.doctor.self_test_target`.

Answers every request with the same few bytes and does as little as possible for it, so that the
load generator is what is measured.  Prints its port on stdout, and ends with its stdin.
"""

from __future__ import annotations

import selectors
import socket
import sys
import time

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
HEAD_END = b"\r\n\r\n"
LONGEST_S = 60.0
"""It ends by then whatever happens."""
_READ = 16_384


def answers_in(data: bytes) -> int:
    """How many requests end in what was read; they have no bodies."""
    return data.count(HEAD_END)


def serve(listener: socket.socket, until: int, longest_s: float = LONGEST_S) -> None:
    """Answer until the descriptor `until` can be read, as at its end."""
    deadline = time.monotonic() + longest_s
    listener.setblocking(False)
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        selector.register(until, selectors.EVENT_READ)
        while time.monotonic() < deadline:
            for key, _ in selector.select(1.0):
                if key.fd == until:
                    return
                if key.fileobj is listener:
                    connection, _ = listener.accept()
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    selector.register(connection, selectors.EVENT_READ)
                elif isinstance(key.fileobj, socket.socket) and not _answered(key.fileobj):
                    selector.unregister(key.fileobj)
                    key.fileobj.close()


def _answered(connection: socket.socket) -> bool:
    """Answer what there is to read; False when the other end is gone."""
    try:
        data = connection.recv(_READ)
        if data:
            connection.sendall(ANSWER * answers_in(data))
    except OSError:
        return False
    return bool(data)


def main() -> int:
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        print(listener.getsockname()[1], flush=True)
        serve(listener, sys.stdin.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
