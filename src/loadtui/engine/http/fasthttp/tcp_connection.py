"""TCP connections of the fast path, kept in geventhttpclient's own pools beside stock ones."""

from __future__ import annotations

import gevent.socket
from geventhttpclient.connectionpool import ConnectionPool

from loadtui.engine.http.fasthttp.geventhttpclient_internals import open_with
from loadtui.engine.http.gevent_internals import raw_socket, read_watcher
from loadtui.engine.http.message import Receiver
from loadtui.engine.http.plain_socket import idle_poll


class TcpConnection(gevent.socket.socket):
    """A connection without TLS that carries its parser with it."""

    __slots__ = ("idle", "raw", "receiver", "watcher")

    def __init__(self, family: int, kind: int, protocol: int) -> None:
        super().__init__(family, kind, protocol)
        self.raw = raw_socket(self)
        self.watcher = read_watcher(self)
        self.receiver = Receiver()
        self.idle = idle_poll(self)


def open_tcp_connections(pool_class: type[ConnectionPool]) -> None:
    """Have pools of this class open connections that the fast path can use."""

    def create(pool: ConnectionPool, family: int, kind: int, protocol: int) -> TcpConnection:
        return TcpConnection(family, kind, protocol)

    open_with(pool_class, create)
