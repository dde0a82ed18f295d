"""An exchange that is not for the fast path after all."""

from __future__ import annotations

from typing import Any


class StockFallback(Exception):
    """Holds what has happened so far, for the stock client to go on from there."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        """None: there was not even a connection."""
        self.received: list[bytes] = []
        self.send_error: BaseException | None = None
        self.receive_error: BaseException | None = None
        """What came after `received`; None: ask the connection."""
        self.connect_error: BaseException | None = None


class ReceivedBytesSocket:
    """A connection on which the request was already sent and the beginning of the answer read.

    The first `sendall` does nothing, or fails as it did; `recv` gives out what was received, in the
    pieces in which it came, then the error that followed, and from then on everything goes to the
    connection itself.
    """

    def __init__(self, odd: StockFallback) -> None:
        self.connection = odd.connection
        self._sent = False
        self._send_error = odd.send_error
        self._received = odd.received[::-1]
        """The next piece is the last one."""
        self._receive_error = odd.receive_error

    def sendall(self, data: bytes, *flags: int) -> None:
        if self._sent:
            self.connection.sendall(data, *flags)
            return
        self._sent = True
        if self._send_error is not None:
            raise self._send_error

    def recv(self, size: int, *flags: int) -> bytes:
        if self._received:
            data = self._received.pop()
            if len(data) > size:
                self._received.append(data[size:])
            return data[:size]
        if self._receive_error is not None:
            error, self._receive_error = self._receive_error, None
            raise error
        received: bytes = self.connection.recv(size, *flags)
        return received

    def fileno(self) -> int:
        """-1, as that of a closed socket, while there is something left that nobody asked for: the
        stock client takes a connection for dead where bytes are waiting before the request."""
        return -1 if self._received else int(self.connection.fileno())

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)
