"""Lets urllib3 continue an exchange that the fast path has begun."""

from __future__ import annotations

import contextlib
import io
import socket
from typing import Any

from loadtui.engine.http.requests.urllib3_internals import (
    lend_connection,
    lent_connection,
    put_connection,
)
from loadtui.engine.http.stock_fallback import StockFallback


class BegunExchange:
    """An exchange that the stock adapter is to continue, on a connection of this urllib3 pool."""

    def __init__(self, pool: Any, fallback: StockFallback) -> None:
        self.pool = pool
        self._fallback = fallback

    def lend(self) -> None:
        """Have urllib3's next request in this pool continue what has happened.

        It has to be made before any other greenlet runs, and `take_back` be called after it.
        """
        connection = self._fallback.connection
        error = self._fallback.connect_error
        if error is None:
            connection.sock = BegunExchangeSocket(connection.sock, self._fallback)
        else:
            connection.close()

            def connect() -> None:
                del connection.connect
                raise error

            connection.connect = connect
        lend_connection(self.pool, connection)

    def take_back(self) -> None:
        """Forget what was lent, if urllib3 did not come to take it."""
        connection = lent_connection(self.pool)
        if connection is not None:
            connection.close()
            put_connection(self.pool, None)


class BegunExchangeSocket:
    """A socket on which the request was already sent and the beginning of the answer read.

    Sending does nothing, or fails as it did, until reading begins; the first file made of it gives
    out what was received, then the error that followed, and then reads on from the socket itself.
    After that everything goes to the socket.
    """

    def __init__(self, sock: Any, fallback: StockFallback) -> None:
        self.sock = sock
        self._reading = False
        self._send_error = fallback.send_error
        self._received = b"".join(fallback.received)
        self._receive_error = fallback.receive_error

    def sendall(self, data: Any, *flags: int) -> None:
        if self._reading:
            self.sock.sendall(data, *flags)
        elif self._send_error is not None:
            error, self._send_error = self._send_error, None
            raise error

    def makefile(self, mode: str, *args: Any, **kwargs: Any) -> Any:
        if self._reading:
            return self.sock.makefile(mode, *args, **kwargs)
        self._reading = True
        file = _ReceivedFile(self.sock, self._received, self._receive_error)
        self._received = b""
        return io.BufferedReader(file)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sock, name)


class _ReceivedFile(io.RawIOBase):
    """What a BegunExchangeSocket has received, and then the socket."""

    def __init__(self, sock: Any, received: bytes, error: BaseException | None) -> None:
        self._sock = sock
        self._file = sock.makefile("rb", buffering=0)
        self._received = memoryview(received)
        self._error = error

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._received:
            size = min(len(self._received), len(buffer))
            buffer[:size] = self._received[:size]
            self._received = self._received[size:]
            return size
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        size_read: int | None = self._file.readinto(buffer)
        return size_read

    def close(self) -> None:
        """Bytes beyond the end of a response would have stayed in the kernel, where the next
        request finds them and takes another connection; what stands for them is the end of this
        one."""
        if not self.closed:
            if self._received:
                self._received = self._received[:0]
                with contextlib.suppress(OSError):
                    self._sock.shutdown(socket.SHUT_RDWR)
            self._file.close()
        super().close()
