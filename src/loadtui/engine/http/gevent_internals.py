"""Names of gevent that the fast path uses beyond its documentation.

Seen in 25.9.1 (the lowest declared) and 26.9.0.
"""

from __future__ import annotations

from typing import Any

from loadtui.engine.http.private_names import Dependency, PrivateName

_SOCKET = "gevent.socket:socket"
_HUB = "gevent.hub:Hub"


def _unconnected(socket_class: Any) -> Any:
    return socket_class()


GEVENT = Dependency(
    "gevent",
    (
        PrivateName(
            _SOCKET,
            "_sock",
            "send and receive with one system call, without gevent's loop around it",
            members=("send", "recv_into"),
            example=_unconnected,
        ),
        PrivateName(
            _SOCKET,
            "_read_event",
            "wait for an answer on the socket's own watcher",
            members=("start", "stop"),
            example=_unconnected,
        ),
        PrivateName(
            _SOCKET,
            "hub",
            "wait without a timer of its own",
            members=("wait", "cancel_wait"),
            example=_unconnected,
        ),
        PrivateName(
            _SOCKET, "_wait", "short timeouts are exact, as the stock client's", ("watcher",)
        ),
        PrivateName(_HUB, "wait", "the wait that Deadlines ends", ("watcher",)),
        PrivateName(_HUB, "cancel_wait", "end a wait that takes too long", ("watcher", "error")),
    ),
)


def raw_socket(sock: Any) -> Any:
    """The system's socket below one of gevent's; it never blocks."""
    return sock._sock


def read_watcher(sock: Any) -> Any:
    """What tells that this socket of gevent's can be read."""
    return sock._read_event


def wait_readable(sock: Any, watcher: Any) -> None:
    """Wait as gevent's own `recv` does.  Raises TimeoutError after the socket's timeout."""
    sock._wait(watcher)
